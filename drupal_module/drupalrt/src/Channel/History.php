<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Channel;

/**
 * What a channel remembers, and where it is now.
 */
final class History {

  /**
   * @param list<\Drupal\drupalrt\Channel\Publication> $publications
   *   In the order that was asked for.
   * @param \Drupal\drupalrt\Channel\Position $position
   *   Of the newest there is, whether it is among them or not.
   */
  public function __construct(
    public readonly array $publications,
    public readonly Position $position,
  ) {}

}
