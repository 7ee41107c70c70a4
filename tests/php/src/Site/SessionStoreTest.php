<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Site;

use Drupal\drupalrt\Site\SessionStore;
use Drupal\drupalrt\Site\SiteFacts;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class SessionStoreTest extends TestCase {

  public function testDrupalsOwnHandlerIsReadInTheDatabase(): void {
    $store = SessionStore::handledBy(SiteFacts::CORE_HANDLER);
    self::assertSame([SiteFacts::CORE_HANDLER, [], ''], [$store->handler, $store->store, $store->obstacle]);
  }

  public function testAnotherClassIsTheOnlyOneThatKnows(): void {
    $store = SessionStore::handledBy('Mongo\Handler');
    self::assertSame('Mongo\Handler', $store->handler);
    self::assertSame('the class Mongo\Handler stores sessions, and only it knows how', $store->obstacle);
  }

  /**
   * @return iterable<string, array{string, array<string, mixed>}>
   *   A session.save_path of phpredis, and the document's store.
   */
  public static function redisPaths(): iterable {
    $common = ['prefix' => 'PHPREDIS_SESSION:', 'layout' => 'php'];
    yield 'host and port' => ['tcp://127.0.0.1:6380', ['host' => '127.0.0.1', 'port' => 6380] + $common];
    yield 'a host alone' => ['tcp://cache', ['host' => 'cache', 'port' => 6379] + $common];
    yield 'no scheme' => ['cache:6380', ['host' => 'cache', 'port' => 6380] + $common];
    yield 'IPv6' => ['tcp://[::1]:6379', ['host' => '::1', 'port' => 6379] + $common];
    yield 'a socket' => ['unix:///run/redis.sock', ['socket' => '/run/redis.sock'] + $common];
    yield 'a password, a database, a prefix' => [
      'tcp://cache:6379?weight=1&auth=p%26%2C%3D&database=2&prefix=site1%3A',
      ['host' => 'cache', 'port' => 6379, 'password' => 'p&,=', 'database' => 2, 'prefix' => 'site1:', 'layout' => 'php'],
    ];
    yield 'a user in a list' => [
      'unix:///r?auth[]=drupal&auth[]=secret',
      ['socket' => '/r', 'username' => 'drupal', 'password' => 'secret'] + $common,
    ];
    yield 'a user by name' => [
      'tcp://c?auth[user]=drupal&auth[pass]=secret',
      ['host' => 'c', 'port' => 6379, 'username' => 'drupal', 'password' => 'secret'] + $common,
    ];
  }

  /**
   * @param string $path
   *   The path.
   * @param array<string, mixed> $store
   *   The store.
   */
  #[DataProvider('redisPaths')]
  public function testReadsWhatPhpredisReads(string $path, array $store): void {
    self::assertEquals($store, SessionStore::ofPhp('redis', $path)->store);
    self::assertSame('redis', SessionStore::ofPhp('redis', $path)->handler);
    self::assertSame('', SessionStore::ofPhp('redis', $path)->obstacle);
  }

  /**
   * @return iterable<string, array{string, array<string, string>, array<string, mixed>}>
   *   A session.save_path of memcached, what php.ini has besides, the store.
   */
  public static function memcachedPaths(): iterable {
    $common = ['prefix' => 'memc.sess.key.', 'distribution' => 'ketama'];
    yield 'one server' => ['127.0.0.1:11212', [], ['servers' => ['127.0.0.1:11212']] + $common];
    yield 'no port' => ['cache', [], ['servers' => ['cache']] + $common];
    yield 'a socket, another prefix' => ['/run/memcached.sock', ['prefix' => 's.'], ['servers' => ['/run/memcached.sock'], 'prefix' => 's.'] + $common];
    yield 'several, as they are spelt' => ['b:1:1, a', ['consistent_hash' => '1', 'consistent_hash_type' => 'ketama'], ['servers' => ['b:1:1', 'a']] + $common];
    yield 'by weight' => ['a:1:7,b:1:2', ['consistent_hash_type' => 'ketama_weighted'], ['servers' => ['a:1:7', 'b:1:2'], 'distribution' => 'ketama_weighted'] + $common];
    yield 'by modula' => ['a,b', ['consistent_hash' => '0'], ['servers' => ['a', 'b'], 'distribution' => 'modula'] + $common];
  }

  /**
   * @param string $path
   *   The path.
   * @param array<string, string> $ini
   *   What else there is.
   * @param array<string, mixed> $store
   *   The store.
   */
  #[DataProvider('memcachedPaths')]
  public function testReadsWhatMemcachedReads(string $path, array $ini, array $store): void {
    self::assertEquals($store, SessionStore::ofPhp('memcached', $path, $ini)->store);
  }

  /**
   * @return iterable<string, array{string, string, array<string, string>, string}>
   *   A module of PHP, its path, its settings, and what is in the way.
   */
  public static function obstacles(): iterable {
    yield 'files' => ['files', '/var/lib/php/sessions', [], 'its own module "files"'];
    yield 'a cluster' => ['rediscluster', 'seed[]=a', [], 'its own module "rediscluster"'];
    yield 'several servers of Redis' => ['redis', 'tcp://a, tcp://b', [], 'names 2'];
    yield 'no server of Redis' => ['redis', '', [], 'names 0'];
    yield 'Redis over TLS' => ['redis', 'tls://a:6380', [], 'not over tls'];
    yield 'what is no server' => ['redis', 'somewhere', [], 'names no Redis server'];
    yield 'compressed' => ['redis', 'tcp://a', ['compression' => 'zstd'], 'redis.session.compression'];
    yield 'no server of memcached' => ['memcached', '', [], 'other than HOST:PORT'];
    yield 'a login to memcached' => ['memcached', 'a', ['sasl_username' => 'u'], 'does not log in'];
    yield 'a way to choose a server that is new' => ['memcached', 'a,b', ['consistent_hash_type' => 'other'], 'sess_consistent_hash_type'];
    yield 'an IPv6 address of memcached' => ['memcached', '[::1]:11211', [], 'other than HOST:PORT'];
    yield 'a configuration of libmemcached' => ['memcached', '--SERVER=a', [], 'other than HOST:PORT'];
  }

  /**
   * @param string $module
   *   The module.
   * @param string $path
   *   Its path.
   * @param array<string, string> $ini
   *   Its settings.
   * @param string $words
   *   Words of the obstacle.
   */
  #[DataProvider('obstacles')]
  public function testSaysWhyTheBrokerCannotReadAStore(string $module, string $path, array $ini, string $words): void {
    $store = SessionStore::ofPhp($module, $path, $ini);
    self::assertStringContainsString($words, $store->obstacle);
    self::assertSame([], $store->store);
    self::assertNotContains($store->handler, ['redis', 'memcached', SiteFacts::CORE_HANDLER]);
  }

  public function testTheModuleForRedisIsNamed(): void {
    self::assertSame('redis_sessions', SessionStore::redisAt('tcp://cache', 'redis_sessions')->store['layout']);
  }

}
