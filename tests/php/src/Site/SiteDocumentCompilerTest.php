<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Site;

use Drupal\drupalrt\Rule\NamespaceFile;
use Drupal\drupalrt\Site\InvalidSite;
use Drupal\drupalrt\Site\SiteDocument;
use Drupal\drupalrt\Site\SiteDocumentCompiler;
use Drupal\drupalrt\Site\SiteFacts;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class SiteDocumentCompilerTest extends TestCase {

  private const SECRET = 'a secret of thirty-two characters';

  private static function compile(mixed ...$facts): SiteDocument {
    $facts += ['key' => 'site', 'secret' => self::SECRET, 'hosts' => ['site.test']];
    return (new SiteDocumentCompiler())->compile(new SiteFacts(...$facts));
  }

  public function testEverythingAboutASiteIsInItsDocument(): void {
    $document = self::compile(
      hosts: ['Site.test', 'www.site.test:8443', 'site.test'],
      origins: ['https://site.test/'],
      url: 'https://site.test/drupalrt/',
      anonymous: FALSE,
      httpCookies: ['SESSx'],
      httpsCookies: ['SSESSx', 'SSESSx'],
      superUser: FALSE,
      database: ['driver' => 'sqlite', 'database' => 'sites/default/files/.sqlite', 'prefix' => ''],
      root: '/srv/site',
      roles: [
        'editor' => ['admin' => FALSE, 'permissions' => ['b', 'a', 'b']],
        'admin' => ['admin' => TRUE, 'permissions' => []],
      ],
      nodeAccess: 'grants',
      namespaces: NamespaceFile::read(['namespaces' => ['chat' => ['subscribe' => 'everyone']]], 'x'),
      apiKeys: ['key'],
    );
    self::assertSame([
      'version' => 1,
      'key' => 'site',
      'secret' => self::SECRET,
      'api_keys' => ['key'],
      'hosts' => ['site.test', 'www.site.test:8443'],
      'origins' => ['https://site.test'],
      'url' => 'https://site.test/drupalrt',
      'anonymous' => FALSE,
      'cookies' => ['http' => ['SESSx'], 'https' => ['SSESSx']],
      'schema' => 10,
      'session' => ['handler' => 'Drupal\Core\Session\SessionHandler', 'serializer' => 'php'],
      'super_user' => FALSE,
      'database' => ['driver' => 'sqlite', 'path' => '/srv/site/sites/default/files/.sqlite', 'prefix' => ''],
      'roles' => [
        'admin' => ['admin' => TRUE, 'permissions' => []],
        'editor' => ['admin' => FALSE, 'permissions' => ['a', 'b']],
      ],
      'node_access' => 'grants',
      'namespaces' => [['name' => 'chat', 'subscribe' => 'everyone']],
    ], json_decode($document->toJson(), TRUE));
  }

  public function testWhatIsNotKnownIsLeftToTheBroker(): void {
    self::assertSame(
      ['version', 'key', 'secret', 'hosts', 'anonymous', 'schema', 'session', 'super_user'],
      array_keys(self::compile()->toArray()),
    );
  }

  public function testAStoreBesideTheDatabaseGoesWithItsHandler(): void {
    self::assertSame(
      ['handler' => 'redis', 'serializer' => 'php_serialize', 'store' => ['host' => 'cache', 'password' => 'p']],
      self::compile(sessionHandler: 'redis', serializer: 'php_serialize', sessionStore: ['host' => 'cache', 'password' => 'p'])->toArray()['session'],
    );
  }

  public function testRolesAreAMappingEvenWhereTheyLookLikeAList(): void {
    $json = static fn (array $roles): string => (string) json_encode(self::compile(roles: $roles)->toArray()['roles']);
    self::assertSame('{}', $json([]));
    self::assertSame('{"0":{"admin":false,"permissions":[]}}', $json(['0' => ['admin' => FALSE, 'permissions' => []]]));
  }

  public function testEqualFactsHaveOneFingerprint(): void {
    $roles = ['a' => ['admin' => FALSE, 'permissions' => ['x', 'y']], 'b' => ['admin' => FALSE, 'permissions' => []]];
    $turned = ['b' => $roles['b'], 'a' => ['admin' => FALSE, 'permissions' => ['y', 'x']]];

    self::assertSame(self::compile(roles: $roles)->fingerprint(), self::compile(roles: $turned)->fingerprint());
    self::assertNotSame(self::compile()->fingerprint(), self::compile(roles: $roles)->fingerprint());
  }

  public function testADumpShowsNoSecret(): void {
    $dump = (string) json_encode(self::compile(database: ['driver' => 'mysql', 'database' => 'd', 'username' => 'u', 'password' => 'pass-word'])->__debugInfo());
    self::assertStringNotContainsString(self::SECRET, $dump);
    self::assertStringNotContainsString('pass-word', $dump);
    self::assertStringContainsString('site', $dump);
  }

  /**
   * @return iterable<string, array{array<string, mixed>, string}>
   *   Facts that are wrong, and what the message says of them.
   */
  public static function mistakes(): iterable {
    yield 'a key with a space' => [['key' => 'a b'], 'The key "a b" is none'];
    yield 'a key with a line break' => [['key' => "a\n"], 'is none'];
    yield 'no key' => [['key' => ''], 'The key "" is none'];
    yield 'a short secret' => [['secret' => str_repeat('x', 31)], 'The secret has 31 characters'];
    yield 'no host' => [['hosts' => []], 'at least one host'];
    yield 'a host with a path' => [['hosts' => ['site.test/x']], '"site.test/x" is no host'];
    yield 'an origin without a scheme' => [['origins' => ['site.test']], '"site.test" is no origin'];
    yield 'an address that is none' => [['url' => 'site.test'], '"site.test" is no address of a broker'];
    yield 'a scheme that is none' => [['url' => 'javascript:alert(1)'], 'no address'];
    yield 'another host by two slashes' => [['url' => '//rt.test'], 'no address'];
    yield 'an unknown schema' => [['schema' => 8], 'schema 8 is unknown'];
  }

  /**
   * @param array<string, mixed> $facts
   *   The facts.
   * @param string $message
   *   What the message says.
   */
  #[DataProvider('mistakes')]
  public function testAMistakeIsToldInTheSitesOwnWords(array $facts, string $message): void {
    $this->expectException(InvalidSite::class);
    $this->expectExceptionMessage($message);
    self::compile(...$facts);
  }

  public function testHostsMayBeAddresses(): void {
    self::assertSame(
      ['127.0.0.1:8080', '[::1]:8080', 'localhost'],
      self::compile(hosts: ['127.0.0.1:8080', '[::1]:8080', 'localhost'])->toArray()['hosts'],
    );
  }

  public function testABrokerMayBeAPathOfTheSite(): void {
    self::assertSame('/drupalrt', self::compile(url: '/drupalrt/')->toArray()['url']);
  }

}
