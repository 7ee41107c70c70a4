<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * A connection as Drupal's $databases has it, in the broker's words.
 */
final class DatabaseSection {

  /**
   * PDO's options for TLS on MySQL, by number: the constants exist only where
   * the driver does.
   */
  private const MYSQL_TLS = [1007 => 'key', 1008 => 'cert', 1009 => 'ca'];

  private const MYSQL_VERIFY = 1014;

  /**
   * @param array<string, mixed> $info
   *   The connection; empty: none.
   * @param string $root
   *   What a relative SQLite path is relative to.
   *
   * @return array<string, mixed>|null
   *   The document's section; NULL where the broker cannot read the database,
   *   so that the site has to be served by tokens.
   */
  public static function fromDrupal(#[\SensitiveParameter] array $info, string $root): ?array {
    return match ($info['driver'] ?? '') {
      'sqlite' => self::sqlite($info, $root),
      'mysql', 'mysqli' => self::server('mysql', $info) + self::mysqlTls($info['pdo'] ?? []),
      'pgsql' => self::server('pgsql', $info) + self::text($info, 'schema', 'schema'),
      default => NULL,
    };
  }

  /**
   * @param array<string, mixed> $info
   *   The connection.
   * @param string $root
   *   Where relative paths start.
   *
   * @return array<string, mixed>|null
   *   Nothing for a database in memory, which no other process can read.
   */
  private static function sqlite(array $info, string $root): ?array {
    $path = (string) ($info['database'] ?? '');
    if ($path === '' || str_starts_with($path, ':memory:') || str_starts_with($path, 'file:')) {
      return NULL;
    }
    if ($path[0] !== '/') {
      $path = rtrim($root, '/') . '/' . preg_replace('#^(\./)+#', '', $path);
    }
    // To Drupal, a prefix on SQLite is another file, with bare table names.
    $prefix = self::prefix($info);
    return [
      'driver' => 'sqlite',
      'path' => $prefix === '' ? $path : "$path-$prefix",
      'prefix' => '',
    ];
  }

  /**
   * @param string $driver
   *   As the broker calls it.
   * @param array<string, mixed> $info
   *   The connection.
   *
   * @return array<string, mixed>
   *   What both servers have.
   */
  private static function server(string $driver, array $info): array {
    // A socket wins over the host, as it does with PDO.
    $address = empty($info['unix_socket'])
      ? self::text($info, 'host', 'host') + (empty($info['port']) ? [] : ['port' => (int) $info['port']])
      : ['socket' => (string) $info['unix_socket']];
    return ['driver' => $driver] + $address
      + self::text($info, 'database', 'database')
      + self::text($info, 'username', 'username')
      + self::text($info, 'password', 'password')
      + ['prefix' => self::prefix($info)];
  }

  /**
   * @param mixed $options
   *   PDO's options.
   *
   * @return array<string, mixed>
   *   The section's "tls", where the connection is encrypted.
   */
  private static function mysqlTls(mixed $options): array {
    $tls = [];
    foreach (is_array($options) ? $options : [] as $option => $value) {
      if (isset(self::MYSQL_TLS[$option]) && is_string($value) && $value !== '') {
        $tls[self::MYSQL_TLS[$option]] = $value;
      }
    }
    if ($tls === []) {
      return [];
    }
    return ['tls' => $tls + ['verify' => (bool) ($options[self::MYSQL_VERIFY] ?? TRUE)]];
  }

  /**
   * @param array<string, mixed> $info
   *   The connection.
   */
  private static function prefix(array $info): string {
    $prefix = $info['prefix'] ?? '';
    return (string) (is_array($prefix) ? ($prefix['default'] ?? '') : $prefix);
  }

  /**
   * @param array<string, mixed> $info
   *   The connection.
   * @param string $from
   *   Drupal's name.
   * @param string $to
   *   The broker's.
   *
   * @return array<string, string>
   *   The value under its new name, if there is one.
   */
  private static function text(array $info, string $from, string $to): array {
    return isset($info[$from]) && $info[$from] !== '' ? [$to => (string) $info[$from]] : [];
  }

}
