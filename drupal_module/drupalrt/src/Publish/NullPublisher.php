<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * Publishes nothing.
 */
final class NullPublisher implements PublisherInterface {

  /**
   * {@inheritdoc}
   */
  public function publish(string $channel, mixed $data, array $options = []): void {}

  /**
   * {@inheritdoc}
   */
  public function broadcast(array $channels, mixed $data, array $options = []): void {}

}
