<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Rule;

/**
 * Words a message about an unknown key, with the nearest known one.
 */
final class Suggestion {

  /**
   * @param string $key
   *   The key nobody knows.
   * @param list<string> $known
   *   Those that would have been right.
   */
  public static function unknownKey(string $key, array $known): string {
    $nearest = NULL;
    // A third of the letters may be wrong, as long as one is right.
    $least = max(1, intdiv(strlen($key), 3)) + 1;
    foreach ($known as $candidate) {
      $distance = levenshtein($key, $candidate);
      if ($distance < $least) {
        [$nearest, $least] = [$candidate, $distance];
      }
    }
    return $nearest === NULL
      ? "unknown key \"$key\"; known are " . implode(', ', $known)
      : "unknown key \"$key\"; did you mean \"$nearest\"?";
  }

}
