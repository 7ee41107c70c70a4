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
    yield 'MySQL over TLS with a certificate of its own' => [
      [
        'driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u',
        'pdo' => [\PDO::MYSQL_ATTR_SSL_KEY => '/k', \PDO::MYSQL_ATTR_SSL_CERT => '/c', \PDO::MYSQL_ATTR_SSL_CA => '/a'],
      ],
      [
        'driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => '',
        'tls' => ['key' => '/k', 'cert' => '/c', 'ca' => '/a', 'verify' => TRUE],
      ],
    ];
    yield 'MySQL over TLS by the system\'s certificates' => [
      ['driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'pdo' => [\PDO::MYSQL_ATTR_SSL_CAPATH => '/etc/ssl/certs']],
      ['driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => '', 'tls' => ['verify' => TRUE]],
    ];
    yield 'a prefix that names another database' => [
      ['driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => 'other.pre_'],
      ['driver' => 'mysql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => 'other.pre_'],
    ];
    yield 'a password with odd characters' => [
      ['driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'password' => "a\\b'c\" é%"],
      ['driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'password' => "a\\b'c\" é%", 'prefix' => ''],
    ];
    yield 'PostgreSQL by the folder of its socket' => [
      ['driver' => 'pgsql', 'host' => '/run/postgresql', 'port' => '5433', 'database' => 'd', 'username' => 'u'],
      ['driver' => 'pgsql', 'host' => '/run/postgresql', 'port' => 5433, 'database' => 'd', 'username' => 'u', 'prefix' => ''],
    ];
    yield 'PostgreSQL over TLS' => [
      ['driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'sslmode' => 'verify-full', 'sslrootcert' => '/ca.pem'],
      [
        'driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => '',
        'tls' => ['ca' => '/ca.pem', 'verify' => TRUE],
      ],
    ];
    yield 'PostgreSQL over TLS, said in the name of the host' => [
      ['driver' => 'pgsql', 'host' => 'db sslmode=require', 'database' => 'd', 'username' => 'u'],
      ['driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u', 'prefix' => '', 'tls' => ['verify' => FALSE]],
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


  public function testTheEnvironmentOfPhpHasASayInTls(): void {
    $info = ['driver' => 'pgsql', 'host' => 'db', 'database' => 'd', 'username' => 'u'];
    $environment = ['PGSSLMODE' => 'verify-ca', 'PGSSLROOTCERT' => '/ca.pem', 'PGSSLCERT' => '/c', 'PGSSLKEY' => '/k'];
    self::assertEquals(
      ['ca' => '/ca.pem', 'cert' => '/c', 'key' => '/k', 'verify' => TRUE],
      DatabaseSection::fromDrupal($info, '/root', $environment)['tls'] ?? NULL,
    );
    self::assertArrayNotHasKey('tls', DatabaseSection::fromDrupal($info, '/root', ['PGSSLMODE' => 'prefer']) ?? []);
  }

}
