<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Site;

use Drupal\drupalrt\Site\DatabaseSection;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class DatabaseSectionTest extends TestCase {

  /**
   * @return iterable<string, array{array<string, mixed>, array<string, mixed>|null}>
   *   A connection as Drupal has it, and as the broker does.
   */
  public static function connections(): iterable {
    yield 'a relative SQLite file' => [
      ['driver' => 'sqlite', 'database' => './sites/default/files/.ht.sqlite'],
      ['driver' => 'sqlite', 'path' => '/root/sites/default/files/.ht.sqlite', 'prefix' => ''],
    ];
    yield 'an absolute SQLite file' => [
      ['driver' => 'sqlite', 'database' => '/data/db.sqlite', 'prefix' => ''],
      ['driver' => 'sqlite', 'path' => '/data/db.sqlite', 'prefix' => ''],
    ];
    yield 'a prefix on SQLite is another file' => [
      ['driver' => 'sqlite', 'database' => '/data/db.sqlite', 'prefix' => 'test1'],
      ['driver' => 'sqlite', 'path' => '/data/db.sqlite-test1', 'prefix' => ''],
    ];
    yield 'a database in memory' => [['driver' => 'sqlite', 'database' => ':memory:'], NULL];
    yield 'MySQL' => [
      [
        'driver' => 'mysql', 'host' => 'db', 'port' => '3307', 'database' => 'd', 'username' => 'u',
        'password' => 'p', 'prefix' => 'pre_', 'namespace' => 'x', 'collation' => 'utf8mb4_general_ci',
      ],
      [
        'driver' => 'mysql', 'host' => 'db', 'port' => 3307, 'database' => 'd', 'username' => 'u',
        'password' => 'p', 'prefix' => 'pre_',
      ],
    ];
    yield 'a socket wins over the host' => [
      ['driver' => 'mysqli', 'host' => 'db', 'port' => 1, 'unix_socket' => '/s', 'database' => 'd', 'username' => 'u', 'password' => ''],
      ['driver' => 'mysql', 'socket' => '/s', 'database' => 'd', 'username' => 'u', 'prefix' => ''],
    ];
    yield 'MySQL over TLS' => [
      ['driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'pdo' => [1009 => '/ca.pem', 1014 => FALSE, 12 => TRUE]],
      [
        'driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => '',
        'tls' => ['ca' => '/ca.pem', 'verify' => FALSE],
      ],
    ];
    yield 'PostgreSQL in a schema' => [
      ['driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'schema' => 'drupal', 'prefix' => ['default' => 'x_']],
      ['driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => 'x_', 'schema' => 'drupal'],
    ];
    yield 'a driver the broker has not' => [['driver' => 'oracle', 'database' => 'd'], NULL];
    yield 'nothing' => [[], NULL];
  }

  /**
   * @param array<string, mixed> $info
   *   As Drupal has it.
   * @param array<string, mixed>|null $section
   *   As the broker does.
   */
  #[DataProvider('connections')]
  public function testSaysWhatDrupalSaysInTheBrokersWords(array $info, ?array $section): void {
    self::assertEquals($section, DatabaseSection::fromDrupal($info, '/root'));
  }

}
