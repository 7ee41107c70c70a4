<?php

declare(strict_types=1);

namespace Drupal\golden_record;

/**
 * An enum, for a session to hold.
 */
enum Suit: string {
  case Hearts = 'h';
}
