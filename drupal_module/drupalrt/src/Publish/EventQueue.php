<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * Holds events back until what they tell of is committed.
 *
 * Outside of hold() an event goes out at once. Within, it waits for release(),
 * which sends everything in order, or for drop(), which forgets it. Nothing is
 * merged: two equal events are two events. What nobody released when the
 * process ends was never committed and is not sent.
 */
final class EventQueue {

  /**
   * How many events wait at most.
   *
   * A transaction that makes more loses those above it, counted by lost(): a
   * bulk import should rather tell its listeners once that the list changed.
   */
  public const MAX_HELD = 10_000;

  /**
   * What waits, in order.
   *
   * @var list<\Drupal\drupalrt\Publish\Event>
   */
  private array $held = [];

  private bool $holding = FALSE;

  private int $lost = 0;

  public function __construct(private readonly Transport $transport) {}

  /**
   * Takes an event: sends it now, or keeps it while a hold is on.
   */
  public function add(Event $event): void {
    if (!$this->holding) {
      $this->transport->deliver($event);
    }
    elseif (count($this->held) < self::MAX_HELD) {
      $this->held[] = $event;
    }
    else {
      $this->lost++;
    }
  }

  /**
   * Keeps events from now on, until release() or drop().
   */
  public function hold(): void {
    $this->holding = TRUE;
  }

  /**
   * Whether events wait at present.
   */
  public function isHolding(): bool {
    return $this->holding;
  }

  /**
   * Sends what waits, in order: after the commit, or at a request's end.
   */
  public function release(): void {
    $this->holding = FALSE;
    // Taken first, so that a transport that publishes finds a clean queue.
    $events = $this->held;
    $this->held = [];
    foreach ($events as $event) {
      $this->transport->deliver($event);
    }
  }

  /**
   * Forgets what waits: after a rollback.
   */
  public function drop(): void {
    $this->holding = FALSE;
    $this->held = [];
  }

  /**
   * How many events found no room and are gone.
   */
  public function lost(): int {
    return $this->lost;
  }

}
