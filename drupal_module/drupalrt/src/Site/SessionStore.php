<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * Where a site keeps its sessions, in the broker's words.
 *
 * Immutable. Where the broker cannot read them there is an obstacle, in words
 * for whoever runs the site, and browsers say who they are by tokens.
 */
final class SessionStore {

  public const REDIS_PREFIX = 'PHPREDIS_SESSION:';

  /**
   * How memcached spreads keys over several servers: php.ini's word, and the
   * broker's.
   */
  private const DISTRIBUTIONS = ['' => 'ketama', 'ketama' => 'ketama', 'ketama_weighted' => 'ketama_weighted'];

  /**
   * @param string $handler
   *   As the document has it: a class, "redis" or "memcached".
   * @param array<string, mixed> $store
   *   The document's section "session.store"; empty for a class.
   * @param string $obstacle
   *   Why the broker cannot read the sessions; empty: it can.
   */
  private function __construct(
    public readonly string $handler,
    #[\SensitiveParameter] public readonly array $store = [],
    public readonly string $obstacle = '',
  ) {}

  /**
   * The class that stores sessions; Drupal's own keeps them in the database.
   */
  public static function handledBy(string $class): self {
    return $class === SiteFacts::CORE_HANDLER
      ? new self($class)
      : self::unreadable($class, "the class $class stores sessions, and only it knows how");
  }

  /**
   * A store that the broker cannot read.
   *
   * @param string $handler
   *   What stores sessions.
   * @param string $obstacle
   *   Why, as the end of a sentence.
   */
  public static function unreadable(string $handler, string $obstacle): self {
    return new self($handler, [], $obstacle);
  }

  /**
   * A Redis server.
   *
   * @param array<string, mixed> $server
   *   Any of host, port, socket, username, password and database.
   * @param string $prefix
   *   What stands before a session's id.
   * @param string $layout
   *   "php", "symfony", or one of Drupal's modules "redis_sessions" and
   *   "redis_session".
   */
  public static function redis(#[\SensitiveParameter] array $server, string $prefix = self::REDIS_PREFIX, string $layout = 'php'): self {
    return new self('redis', array_filter($server) + ['prefix' => $prefix, 'layout' => $layout]);
  }

  /**
   * One of PHP's own session modules, as php.ini has it.
   *
   * @param string $module
   *   The value of session.save_handler.
   * @param string $path
   *   The value of session.save_path.
   * @param array<string, string> $ini
   *   What else php.ini has for it: the values of memcached.sess_prefix or
   *   redis.session.compression and the like, without "sess_" and "session.".
   */
  public static function ofPhp(string $module, #[\SensitiveParameter] string $path, array $ini = []): self {
    return match ($module) {
      'redis' => in_array($ini['compression'] ?? '', ['', 'none'], TRUE)
        ? self::redisAt($path)
        : self::unreadable('redis (compressed)', 'the broker reads no compressed sessions (redis.session.compression)'),
      'memcached' => self::memcachedAt($path, $ini),
      default => self::unreadable("SessionHandler ($module)", "PHP stores sessions by its own module \"$module\""),
    };
  }

  /**
   * Redis where phpredis finds it.
   *
   * @param string $path
   *   Such as tcp://127.0.0.1:6379?auth=…&database=1, or unix:///run/redis.sock.
   * @param string $layout
   *   See redis().
   */
  public static function redisAt(#[\SensitiveParameter] string $path, string $layout = 'php'): self {
    $servers = preg_split('/[\s,]+/', $path, -1, PREG_SPLIT_NO_EMPTY) ?: [];
    if (count($servers) !== 1) {
      return self::unreadable('redis (' . count($servers) . ' servers)', 'the broker reads sessions from one Redis server, and session.save_path names ' . count($servers));
    }
    // As phpredis has it: no URL has the scheme unix.
    $parts = parse_url((string) preg_replace('/^unix:/', 'file:', $servers[0])) ?: [];
    $scheme = $parts['scheme'] ?? 'tcp';
    if (!in_array($scheme, ['tcp', 'file'], TRUE)) {
      return self::unreadable("redis ($scheme)", "the broker reads Redis over tcp and unix sockets, not over $scheme");
    }
    $path = $parts['path'] ?? '';
    if (isset($parts['host'])) {
      $server = ['host' => trim($parts['host'], '[]'), 'port' => $parts['port'] ?? 6379];
    }
    elseif (str_starts_with($path, '/')) {
      $server = ['socket' => $path];
    }
    else {
      return self::unreadable('redis (session.save_path)', 'session.save_path names no Redis server such as tcp://127.0.0.1:6379');
    }
    parse_str($parts['query'] ?? '', $options);
    $database = $options['database'] ?? 0;
    $prefix = $options['prefix'] ?? self::REDIS_PREFIX;
    return self::redis(
      $server + self::redisLogin($options['auth'] ?? '') + ['database' => is_string($database) ? (int) $database : 0],
      is_string($prefix) ? $prefix : self::REDIS_PREFIX,
      $layout,
    );
  }

  /**
   * A login in one of the forms that phpredis takes.
   *
   * @param mixed $auth
   *   A password, or a list or mapping of user and password.
   *
   * @return array{username?: string, password?: string}
   *   What of it there is.
   */
  public static function redisLogin(#[\SensitiveParameter] mixed $auth): array {
    if (!is_array($auth)) {
      return array_filter(['password' => is_scalar($auth) ? (string) $auth : '']);
    }
    $user = $auth['user'] ?? (isset($auth[1]) ? $auth[0] : '');
    $password = $auth['pass'] ?? $auth[1] ?? $auth[0] ?? '';
    return array_filter([
      'username' => is_string($user) ? $user : '',
      'password' => is_string($password) ? $password : '',
    ]);
  }

  /**
   * @param string $path
   *   Servers as the extension memcached has them.
   * @param array<string, string> $ini
   *   See ofPhp().
   */
  private static function memcachedAt(string $path, array $ini): self {
    if (($ini['sasl_username'] ?? '') !== '') {
      return self::unreadable('memcached (SASL)', 'the broker does not log in to memcached (memcached.sess_sasl_username)');
    }
    // As they are spelt: by that it is found on which of them a session lies.
    $servers = preg_split('/[\s,]+/', $path, -1, PREG_SPLIT_NO_EMPTY) ?: [];
    if ($servers === [] || preg_grep('#^(/[^:,]+|[^:/,=-][^:/,=]*)(:\d{1,5}){0,2}$#D', $servers) !== $servers) {
      return self::unreadable('memcached (session.save_path)', 'session.save_path has other than HOST:PORT for a server of memcached');
    }
    $consistent = filter_var($ini['consistent_hash'] ?? '1', FILTER_VALIDATE_BOOL);
    $distribution = $consistent ? self::DISTRIBUTIONS[$ini['consistent_hash_type'] ?? ''] ?? NULL : 'modula';
    if ($distribution === NULL) {
      return self::unreadable('memcached (distribution)', 'the broker does not know how memcached.sess_consistent_hash_type spreads sessions');
    }
    return new self('memcached', ['servers' => $servers, 'prefix' => $ini['prefix'] ?? 'memc.sess.key.', 'distribution' => $distribution]);
  }

}
