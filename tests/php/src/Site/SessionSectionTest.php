<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Site;

use Drupal\drupalrt\Site\SessionSection;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class SessionSectionTest extends TestCase {

  /**
   * @return iterable<string, array{string, string, array<string, mixed>|null}>
   *   PHP's handler and path, and what the broker is told.
   */
  public static function paths(): iterable {
    yield 'Redis by name' => ['redis', 'tcp://cache:6380', ['host' => 'cache', 'port' => 6380]];
    yield 'Redis at its usual port' => ['redis', 'tcp://127.0.0.1', ['host' => '127.0.0.1', 'port' => 6379]];
    yield 'Redis at an IPv6 address' => ['redis', 'tcp://[::1]:6379', ['host' => '::1', 'port' => 6379]];
    yield 'Redis at a socket' => ['redis', 'unix:///run/redis.sock', ['socket' => '/run/redis.sock']];
    yield 'a password' => ['redis', 'tcp://c:1?auth=a%26b', ['host' => 'c', 'port' => 1, 'password' => 'a&b']];
    yield 'a name and a password' => [
      'redis', 'tcp://c:1?auth[]=me&auth[]=secret',
      ['host' => 'c', 'port' => 1, 'username' => 'me', 'password' => 'secret'],
    ];
    yield 'a database, a prefix, and what does not matter' => [
      'redis', 'unix:///s?weight=1&timeout=2.5&persistent=1&database=3&prefix=mine:',
      ['socket' => '/s', 'database' => 3, 'prefix' => 'mine:'],
    ];
    yield 'several Redis servers' => ['redis', 'tcp://a:1?weight=1, tcp://b:1?weight=2', NULL];
    yield 'Redis over TLS' => ['redis', 'tls://a:1', NULL];
    yield 'no address' => ['redis', '', NULL];
    yield 'memcached' => ['memcached', '127.0.0.1:11211', ['servers' => ['127.0.0.1:11211'], 'prefix' => 'memc.sess.key.']];
    yield 'several, one at a socket' => [
      'memcached', 'a, b:11212:1,/run/memcached.sock:0',
      ['servers' => ['a:11211', 'b:11212', '/run/memcached.sock'], 'prefix' => 'memc.sess.key.'],
    ];
    yield 'weights' => ['memcached', 'a:11211:3,b:11211:1', NULL];
    yield 'an option string' => ['memcached', '--SERVER=a:11211 --BINARY-PROTOCOL', NULL];
    yield 'no server' => ['memcached', '', NULL];
    yield 'files' => ['files', '/var/lib/php/sessions', NULL];
  }

  /**
   * @param array<string, mixed>|null $expected
   *   The section.
   */
  #[DataProvider('paths')]
  public function testPathsAreWordedAnew(string $handler, string $path, ?array $expected): void {
    self::assertSame($expected, SessionSection::store($handler, $path));
  }

  public function testThePrefixOfMemcachedIsTakenOver(): void {
    self::assertSame(['servers' => ['a:11211'], 'prefix' => 'mine.'], SessionSection::store('memcached', 'a:11211', 'mine.'));
  }

}
