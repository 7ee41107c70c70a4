<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Channel;

/**
 * A place in a channel's history.
 */
final class Position {

  /**
   * @param int $offset
   *   The number of the last publication that was seen; 0: none.
   * @param string $epoch
   *   The history's generation: offsets of two epochs do not compare. Empty:
   *   whichever is in force.
   */
  public function __construct(
    public readonly int $offset,
    public readonly string $epoch,
  ) {}

  /**
   * As options of the extension have it.
   *
   * @return array{offset: int, epoch: string}
   *   The same.
   */
  public function toArray(): array {
    return ['offset' => $this->offset, 'epoch' => $this->epoch];
  }

}
