<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Session;

/**
 * Where sessions are kept, and whose they are.
 */
interface SessionStore {

  /**
   * Has PHP keep its sessions here; to be called before one starts.
   */
  public function register(): void;

  /**
   * The address of the visitor, for a store that notes it.
   */
  public function setHostname(string $hostname): void;

  /**
   * Notes who has signed in with a session.
   */
  public function remember(string $id, int $uid): void;

  /**
   * A session was destroyed.
   */
  public function forget(string $id): void;

  /**
   * Ends every session of a person.
   *
   * @return list<string>
   *   The hashes of the sessions that ended.
   */
  public function destroyAllOf(int $uid): array;

}
