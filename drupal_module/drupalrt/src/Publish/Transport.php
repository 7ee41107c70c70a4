<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * The way of events out of PHP.
 */
interface Transport {

  /**
   * Hands one event over, now.
   *
   * Never throws: an event is a by-product of something that has been saved,
   * and that must not fail because a push did.
   *
   * @return bool
   *   Whether the broker's side took it.
   */
  public function deliver(Event $event): bool;

}
