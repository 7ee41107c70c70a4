<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * Keeps events instead of pushing them: for tests.
 */
final class RecordingTransport implements Transport {

  /**
   * What was delivered, in order.
   *
   * @var list<\Drupal\drupalrt\Publish\Event>
   */
  private array $events = [];

  /**
   * @param bool $takes
   *   What deliver() answers; FALSE plays a broker that is away.
   */
  public function __construct(private readonly bool $takes = TRUE) {}

  /**
   * {@inheritdoc}
   */
  public function deliver(Event $event): bool {
    $this->events[] = $event;
    return $this->takes;
  }

  /**
   * What was delivered, in order.
   *
   * @return list<\Drupal\drupalrt\Publish\Event>
   */
  public function events(): array {
    return $this->events;
  }

  /**
   * The data of the events for one channel, in order.
   *
   * @return list<mixed>
   */
  public function dataFor(string $channel): array {
    $data = [];
    foreach ($this->events as $event) {
      if (in_array($channel, $event->channels, TRUE)) {
        $data[] = $event->data;
      }
    }
    return $data;
  }

  /**
   * Forgets everything.
   */
  public function clear(): void {
    $this->events = [];
  }

}
