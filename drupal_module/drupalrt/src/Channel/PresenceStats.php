<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Channel;

/**
 * How many are in a channel.
 */
final class PresenceStats {

  /**
   * @param int $clients
   *   Browsers, or rather their tabs.
   * @param int $users
   *   Different accounts; visitors who are not logged in are one together.
   */
  public function __construct(
    public readonly int $clients,
    public readonly int $users,
  ) {}

}
