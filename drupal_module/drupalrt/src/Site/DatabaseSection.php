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
   * Words the connection anew.
   *
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
      'mysql', 'mysqli' => self::server('mysql', $info) + self::mysqlTls($info),
      'pgsql' => self::server('pgsql', $info) + array_filter(['schema' => self::text($info, 'schema')]),
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
    $path = self::text($info, 'database');
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
    $section = ['driver' => $driver, 'socket' => self::text($info, 'unix_socket')];
    if ($section['socket'] === '') {
      // A socket wins over the host, as it does with PDO.
      $section['host'] = self::text($info, 'host');
      $section['port'] = (int) self::text($info, 'port');
    }
    foreach (['database', 'username', 'password'] as $name) {
      $section[$name] = self::text($info, $name);
    }
    return array_filter($section) + ['prefix' => self::prefix($info)];
  }

  /**
   * @param array<string, mixed> $info
   *   The connection.
   *
   * @return array<string, mixed>
   *   The section's "tls", where the connection is encrypted.
   */
  private static function mysqlTls(array $info): array {
    $options = is_array($info['pdo'] ?? NULL) ? $info['pdo'] : [];
    $tls = [];
    foreach (self::MYSQL_TLS as $option => $name) {
      $file = $options[$option] ?? '';
      if (is_string($file) && $file !== '') {
        $tls[$name] = $file;
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
    // Up to Drupal 9 it could be a list by table.
    $prefix = is_array($prefix) ? ($prefix['default'] ?? '') : $prefix;
    return is_string($prefix) ? $prefix : '';
  }

  /**
   * @param array<string, mixed> $info
   *   The connection.
   * @param string $name
   *   One of its keys.
   */
  private static function text(array $info, string $name): string {
    $value = $info[$name] ?? '';
    return is_scalar($value) ? (string) $value : '';
  }

}
