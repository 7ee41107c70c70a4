<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * PHP's own session settings in the broker's words.
 *
 * For sites whose sessions are kept by a handler of PHP's extensions, named by
 * `session.save_handler` and `session.save_path`: `redis` and `memcached`.
 */
final class SessionSection {

  private const REDIS_PORT = 6379;

  /**
   * Words a handler and its path anew.
   *
   * @param string $handler
   *   PHP's session.save_handler.
   * @param string $path
   *   PHP's session.save_path for it.
   * @param string $memcachedPrefix
   *   PHP's memcached.sess_prefix.
   *
   * @return array<string, mixed>|null
   *   The document's `session.store`; NULL where the broker cannot read such a
   *   store, so that the site has to be served by tokens: another handler,
   *   several Redis servers, TLS, an option string of libmemcached.
   */
  public static function store(string $handler, #[\SensitiveParameter] string $path, string $memcachedPrefix = 'memc.sess.key.'): ?array {
    return match ($handler) {
      'redis' => self::redis(trim($path)),
      'memcached' => self::memcached(trim($path), $memcachedPrefix),
      default => NULL,
    };
  }

  /**
   * @param string $path
   *   One address, such as `tcp://127.0.0.1:6379?auth=…&database=1` or
   *   `unix:///run/redis.sock`.
   *
   * @return array<string, mixed>|null
   *   The section.
   */
  private static function redis(#[\SensitiveParameter] string $path): ?array {
    // Several are told apart by commas and spaces, weights and all.
    if (preg_match('#^(?:(?:tcp|redis)://(?<host>\[[0-9a-fA-F:.]+\]|[^\s,:/?\[\]]+)(?::(?<port>\d{1,5}))?/?|unix://(?<socket>/[^\s,?]+))(?:\?(?<query>[^\s,]*))?$#D', $path, $found) !== 1) {
      return NULL;
    }
    parse_str($found['query'] ?? '', $query);
    $auth = $query['auth'] ?? [];
    // One of them is a password, two are a name and a password.
    $auth = array_values(array_map(self::text(...), is_array($auth) ? $auth : [$auth]));
    if (count($auth) > 2) {
      return NULL;
    }
    $socket = $found['socket'] ?? '';
    $place = $socket === ''
      ? ['host' => trim($found['host'] ?? '', '[]'), 'port' => (int) ($found['port'] ?? '') ?: self::REDIS_PORT]
      : ['socket' => $socket];
    return $place + array_filter([
      'username' => count($auth) === 2 ? $auth[0] : '',
      'password' => $auth === [] ? '' : $auth[count($auth) - 1],
      'database' => max(0, (int) self::text($query['database'] ?? '')),
      'prefix' => self::text($query['prefix'] ?? ''),
    ]);
  }

  /**
   * @param string $path
   *   Servers with commas between, such as `127.0.0.1:11211` or a socket's path.
   * @param string $prefix
   *   What stands before each session's id.
   *
   * @return array<string, mixed>|null
   *   The section.
   */
  private static function memcached(string $path, string $prefix): ?array {
    $servers = [];
    foreach (preg_split('/\s*,\s*/', $path, -1, PREG_SPLIT_NO_EMPTY) ?: [] as $server) {
      // A port says nothing beside a socket's path, and a weight of 1 never.
      if (preg_match('#^(?:(?<socket>/[^\s:]+)(?::0)?|(?<host>[^\s:/]+)(?::(?<port>\d{1,5}))?(?::1)?)$#D', $server, $found) !== 1) {
        return NULL;
      }
      $servers[] = $found['socket'] !== ''
        ? $found['socket']
        : $found['host'] . ':' . (($found['port'] ?? '') ?: '11211');
    }
    return $servers === [] ? NULL : ['servers' => $servers, 'prefix' => $prefix];
  }

  private static function text(mixed $value): string {
    return is_scalar($value) ? (string) $value : '';
  }

}
