<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Line;

/**
 * A place in the waiting line, or a call to the desk.
 */
final class Ticket implements \JsonSerializable {

  /**
   * @param string $state
   *   `waiting`, `called`, `left` or `served`.
   * @param int $position
   *   1 for the next in line; 0 for whoever does not wait.
   */
  public function __construct(
    public readonly int $number,
    public readonly int $uid,
    public readonly string $name,
    public readonly string $state,
    public readonly int $position,
    public readonly int $since,
    public readonly string $calledBy = '',
  ) {}

  /**
   * @return array<string, int|string>
   */
  public function jsonSerialize(): array {
    return [
      'number' => $this->number,
      'name' => $this->name,
      'state' => $this->state,
      'position' => $this->position,
      'since' => $this->since,
      'called_by' => $this->calledBy,
    ];
  }

}
