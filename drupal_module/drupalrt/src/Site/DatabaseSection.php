<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * A connection as Drupal's $databases has it, in the broker's words.
 */
final class DatabaseSection {

  /**
   * PDO's options for TLS on MySQL: by constant, since their numbers depend on
   * how PHP was built, else by the usual number.
   */
  private const MYSQL_TLS = [
    'key' => ['MYSQL_ATTR_SSL_KEY', 1007],
    'cert' => ['MYSQL_ATTR_SSL_CERT', 1008],
    'ca' => ['MYSQL_ATTR_SSL_CA', 1009],
    'capath' => ['MYSQL_ATTR_SSL_CAPATH', 1010],
    'cipher' => ['MYSQL_ATTR_SSL_CIPHER', 1011],
    'verify' => ['MYSQL_ATTR_SSL_VERIFY_SERVER_CERT', 1014],
  ];

  /**
   * TLS on PostgreSQL: what libpq calls it in a connection and in the
   * environment, and what the broker does.
   */
  private const PGSQL_TLS = [
    'sslrootcert' => ['PGSSLROOTCERT', 'ca'],
    'sslcert' => ['PGSSLCERT', 'cert'],
    'sslkey' => ['PGSSLKEY', 'key'],
  ];

  /**
   * What of a process's environment has a say in its connections.
   */
  public const ENVIRONMENT = ['PGSSLMODE', 'PGSSLROOTCERT', 'PGSSLCERT', 'PGSSLKEY'];

  /**
   * Words the connection anew.
   *
   * @param array<string, mixed> $info
   *   The connection; empty: none.
   * @param string $root
   *   What a relative SQLite path is relative to.
   * @param array<string, string> $environment
   *   Those of ENVIRONMENT that the site's processes have.
   *
   * @return array<string, mixed>|null
   *   The document's section; NULL where the broker cannot read the database,
   *   so that the site has to be served by tokens.
   */
  public static function fromDrupal(#[\SensitiveParameter] array $info, string $root, array $environment = []): ?array {
    return match ($info['driver'] ?? '') {
      'sqlite' => self::sqlite($info, $root),
      'mysql', 'mysqli' => self::server('mysql', $info) + self::mysqlTls($info),
      'pgsql' => self::pgsql(self::options($info), $environment),
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
    $given = [];
    foreach (self::MYSQL_TLS as $name => [$constant, $number]) {
      $given[$name] = $options[defined("PDO::$constant") ? constant("PDO::$constant") : $number] ?? NULL;
    }
    $verify = (bool) ($given['verify'] ?? TRUE);
    unset($given['verify']);
    $given = array_filter($given, static fn (mixed $value): bool => is_string($value) && $value !== '');
    if ($given === []) {
      return [];
    }
    // The broker takes the system's certificates where there is no file.
    unset($given['capath'], $given['cipher']);
    return ['tls' => $given + ['verify' => $verify]];
  }

  /**
   * @param array<string, mixed> $info
   *   The connection.
   * @param array<string, string> $environment
   *   See fromDrupal().
   *
   * @return array<string, mixed>
   *   The section.
   */
  private static function pgsql(array $info, array $environment): array {
    $section = self::server('pgsql', $info);
    $schema = self::text($info, 'schema');
    if ($schema !== '') {
      $section['schema'] = $schema;
    }
    $mode = self::text($info, 'sslmode') ?: ($environment['PGSSLMODE'] ?? '');
    if (!in_array($mode, ['require', 'verify-ca', 'verify-full'], TRUE)) {
      return $section;
    }
    $tls = [];
    foreach (self::PGSQL_TLS as $name => [$variable, $ours]) {
      $file = self::text($info, $name) ?: ($environment[$variable] ?? '');
      if ($file !== '') {
        $tls[$ours] = $file;
      }
    }
    // A certificate of its own has libpq verify under "require" too.
    $tls['verify'] = $mode !== 'require' || isset($tls['ca']);
    return $section + ['tls' => $tls];
  }

  /**
   * Takes apart what was put into a name because Drupal has no option for it,
   * such as "db.example.com sslmode=require".
   *
   * @param array<string, mixed> $info
   *   The connection.
   *
   * @return array<string, mixed>
   *   The same, with such options as keys.
   */
  private static function options(array $info): array {
    foreach (['host', 'database'] as $name) {
      $words = preg_split('/[\s;]+/', self::text($info, $name)) ?: [''];
      $info[$name] = array_shift($words);
      foreach ($words as $word) {
        [$option, $value] = explode('=', "$word=");
        if (isset(self::PGSQL_TLS[$option]) || $option === 'sslmode') {
          $info += [$option => $value];
        }
      }
    }
    return $info;
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
