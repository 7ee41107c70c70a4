<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Realtime;

/**
 * Tells the broker what it could otherwise only find out by looking again.
 */
final class Notices {

  public function __construct(private readonly Site $site) {}

  /**
   * @param list<string> $hashes
   */
  public function sessionsEnded(array $hashes): void {
    if ($hashes !== []) {
      $this->site->notice(['sessions' => $hashes]);
    }
  }

  /**
   * @param list<string> $hashes
   *   The person's sessions that ended with the change.
   */
  public function personChanged(int $uid, array $hashes = []): void {
    $this->site->notice(['users' => [$uid]] + ($hashes === [] ? [] : ['sessions' => $hashes]));
  }

}
