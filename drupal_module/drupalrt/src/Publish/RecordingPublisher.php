<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * Records what a module publishes, for that module's own tests.
 *
 * Knows of no transactions and, unlike the real one, throws on mistakes.
 */
final class RecordingPublisher implements PublisherInterface {

  /**
   * What was published, in order.
   *
   * @var list<\Drupal\drupalrt\Publish\Event>
   */
  private array $events = [];

  /**
   * {@inheritdoc}
   */
  public function publish(string $channel, mixed $data, array $options = []): void {
    $this->events[] = Event::to($channel, $data, $options);
  }

  /**
   * {@inheritdoc}
   */
  public function broadcast(array $channels, mixed $data, array $options = []): void {
    $this->events[] = Event::toMany($channels, $data, $options);
  }

  /**
   * What was published, in order.
   *
   * @return list<\Drupal\drupalrt\Publish\Event>
   */
  public function events(): array {
    return $this->events;
  }

}
