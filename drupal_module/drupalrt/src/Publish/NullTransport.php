<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * Takes every event and pushes none: for sites that have real time turned off.
 */
final class NullTransport implements Transport {

  /**
   * {@inheritdoc}
   */
  public function deliver(Event $event): bool {
    return TRUE;
  }

}
