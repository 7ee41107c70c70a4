<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * The publisher in front of an event queue.
 */
final class Publisher implements PublisherInterface {

  /**
   * @param \Drupal\drupalrt\Publish\EventQueue $queue
   *   Where events wait for their commit.
   * @param (\Closure(\Drupal\drupalrt\Publish\EventQueue): void)|null $beforeAdd
   *   Called before each event: the place to start a hold where a transaction
   *   is open.
   * @param (\Closure(\Throwable): void)|null $onError
   *   Told of a caller's mistakes, such as a channel without a name.
   */
  public function __construct(
    private readonly EventQueue $queue,
    private readonly ?\Closure $beforeAdd = NULL,
    private readonly ?\Closure $onError = NULL,
  ) {}

  /**
   * {@inheritdoc}
   */
  public function publish(string $channel, mixed $data, array $options = []): void {
    $this->add(static fn (): Event => Event::to($channel, $data, $options));
  }

  /**
   * {@inheritdoc}
   */
  public function broadcast(array $channels, mixed $data, array $options = []): void {
    $this->add(static fn (): Event => Event::toMany($channels, $data, $options));
  }

  /**
   * @param \Closure(): \Drupal\drupalrt\Publish\Event $make
   *   Makes the event.
   */
  private function add(\Closure $make): void {
    try {
      $event = $make();
      if ($this->beforeAdd !== NULL) {
        ($this->beforeAdd)($this->queue);
      }
      $this->queue->add($event);
    }
    catch (\Throwable $mistake) {
      $this->tell($mistake);
    }
  }

  private function tell(\Throwable $mistake): void {
    try {
      if ($this->onError !== NULL) {
        ($this->onError)($mistake);
      }
    }
    catch (\Throwable) {
      // Not even a broken logger may break a save.
    }
  }

}
