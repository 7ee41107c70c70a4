<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Session;

use Drupalrt\SampleSite\Database\Connection;

/**
 * PHP's sessions in Drupal's table `sessions`, under the hash of their id.
 *
 * Like Drupal's it takes no lock and never looks at a row's age when reading.
 */
final class SessionTable implements SessionStore, \SessionHandlerInterface, \SessionUpdateTimestampHandlerInterface {

  /**
   * An unchanged session is written again after this time only.
   */
  private const WRITE_INTERVAL_S = 180;

  private string $hostname = '';

  public function __construct(private readonly Connection $database) {}

  public function setHostname(string $hostname): void {
    $this->hostname = $hostname;
  }

  public function register(): void {
    session_set_save_handler($this, TRUE);
  }

  public function remember(string $id, int $uid): void {
    // The row has a column for it.
  }

  public function forget(string $id): void {}

  public function open(string $path, string $name): bool {
    return TRUE;
  }

  public function close(): bool {
    return TRUE;
  }

  public function read(string $id): string {
    $row = $this->database->row('SELECT session FROM sessions WHERE sid = ?', [SessionCookie::hash($id)]);
    $blob = $row['session'] ?? '';
    return is_resource($blob) ? (string) stream_get_contents($blob) : (string) $blob;
  }

  public function write(string $id, string $data): bool {
    $sid = SessionCookie::hash($id);
    $uid = (int) ($_SESSION['_sf2_attributes']['uid'] ?? 0);
    $this->database->transaction(function () use ($sid, $uid, $data): void {
      $values = [$uid, $this->hostname, time(), $data, $sid];
      if ($this->database->number('SELECT COUNT(*) FROM sessions WHERE sid = ?', [$sid]) > 0) {
        $this->database->queryWithBytes('UPDATE sessions SET uid = ?, hostname = ?, timestamp = ?, session = ? WHERE sid = ?', $values, 3);
      }
      else {
        $this->database->queryWithBytes('INSERT INTO sessions (uid, hostname, timestamp, session, sid) VALUES (?, ?, ?, ?, ?)', $values, 3);
      }
    });
    return TRUE;
  }

  public function destroy(string $id): bool {
    $this->database->query('DELETE FROM sessions WHERE sid = ?', [SessionCookie::hash($id)]);
    return TRUE;
  }

  public function gc(int $lifetime): int {
    return $this->database->query('DELETE FROM sessions WHERE timestamp < ?', [time() - $lifetime])->rowCount();
  }

  public function validateId(string $id): bool {
    return $this->database->number('SELECT COUNT(*) FROM sessions WHERE sid = ?', [SessionCookie::hash($id)]) > 0;
  }

  public function updateTimestamp(string $id, string $data): bool {
    $this->database->query('UPDATE sessions SET timestamp = ? WHERE sid = ? AND timestamp < ?', [
      time(),
      SessionCookie::hash($id),
      time() - self::WRITE_INTERVAL_S,
    ]);
    return TRUE;
  }

  public function destroyAllOf(int $uid): array {
    $rows = $this->database->rows('SELECT sid FROM sessions WHERE uid = ?', [$uid]);
    $this->database->query('DELETE FROM sessions WHERE uid = ?', [$uid]);
    return array_map('strval', array_column($rows, 'sid'));
  }

}
