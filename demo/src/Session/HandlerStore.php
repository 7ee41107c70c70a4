<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Session;

use Drupalrt\SampleSite\Database\Connection;

/**
 * PHP's sessions with a handler of its own, `redis` or `memcached`, which keeps
 * them as it likes.
 *
 * Such a store cannot be asked whose sessions it holds, so the site notes that
 * in a table: for signing somebody out everywhere.
 */
final class HandlerStore implements SessionStore {

  public function __construct(
    private readonly Connection $database,
    private readonly string $handler,
    #[\SensitiveParameter] private readonly string $path,
  ) {}

  public function register(): void {
    if (!extension_loaded($this->handler)) {
      throw new \RuntimeException("PHP's extension $this->handler is not loaded (the package php-$this->handler).");
    }
    ini_set('session.save_handler', $this->handler);
    ini_set('session.save_path', $this->path);
  }

  public function setHostname(string $hostname): void {}

  public function remember(string $id, int $uid): void {
    $this->database->insert('demo_session', ['id' => $id, 'uid' => $uid]);
  }

  public function forget(string $id): void {
    $this->database->query('DELETE FROM demo_session WHERE id = ?', [$id]);
  }

  public function destroyAllOf(int $uid): array {
    $ids = array_map('strval', array_column($this->database->rows('SELECT id FROM demo_session WHERE uid = ?', [$uid]), 'id'));
    if ($ids !== []) {
      $this->destroy($ids);
    }
    $this->database->query('DELETE FROM demo_session WHERE uid = ?', [$uid]);
    return array_map(SessionCookie::hash(...), $ids);
  }

  /**
   * Destroys sessions through their handler, each in the place of the visitor's
   * own, which goes on afterwards unless it was among them.
   *
   * @param list<string> $ids
   */
  private function destroy(array $ids): void {
    $own = session_status() === PHP_SESSION_ACTIVE ? (string) session_id() : '';
    session_write_close();
    foreach ($ids as $id) {
      session_id($id);
      // Without cookies, or the visitor's browser would be given these ids.
      session_start(['use_cookies' => '0']);
      session_destroy();
    }
    if ($own !== '' && !in_array($own, $ids, TRUE)) {
      session_id($own);
      session_start(['use_cookies' => '0']);
    }
  }

}
