<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Command;

use Drupal\drupalrt\Introduction\Introducer;

/**
 * What `drupalrt:sync` does: introduces the site to the broker, now.
 *
 * It has to run as the system user who runs the site's PHP, such as
 * `sudo -u www-data drush drupalrt:sync`, since the broker keeps sites by user.
 */
final class Sync {

  public function __construct(private readonly Introducer $introducer) {}

  /**
   * Runs it.
   *
   * @param callable(string): void $say
   *   Takes a line for the person at the terminal.
   *
   * @return int
   *   The exit status: 0 where the broker knows the site now.
   */
  public function run(callable $say): int {
    $outcome = $this->introducer->introduce();
    if ($outcome->registration === NULL) {
      $say("The site was not introduced: $outcome->problem");
      return 1;
    }
    $say("The broker knows the site as \"{$outcome->registration->key}\".");
    if (!$outcome->registration->nativeLogin) {
      $say("It cannot read the site's sessions: {$outcome->registration->reason}");
    }
    return 0;
  }

}
