<?php

declare(strict_types=1);

namespace Drupal\drupalrt_test;

use Drupal\drupalrt\Publish\PublisherInterface;

/**
 * A service of another module that publishes.
 */
final class Greeter {

  public function __construct(private readonly PublisherInterface $publisher) {}

  /**
   * Publishes a greeting.
   */
  public function greet(string $name): void {
    $this->publisher->publish('open:greetings', "Hello $name");
  }

}
