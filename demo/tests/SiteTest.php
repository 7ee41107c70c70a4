<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Link\RecordingLink;
use Drupal\drupalrt\Site\Notice;
use Drupalrt\SampleSite\Realtime\Site;
use Drupalrt\SampleSite\Services;
use Drupalrt\SampleSite\Settings;

/**
 * What the broker is told of the site.
 */
final class SiteTest extends SampleSiteTestCase {

  public function testTheDocumentSaysWhereSessionsLieAndHowTheyAreCalled(): void {
    $document = $this->site->site->document()->toArray();

    self::assertSame('demo', $document['key']);
    self::assertSame(10, $document['schema']);
    self::assertSame(['127.0.0.1:8080', 'localhost:8080'], $document['hosts']);
    self::assertSame(['http://127.0.0.1:8080', 'http://localhost:8080'], $document['origins']);
    self::assertSame('SESS12ca17b49af2289436f303e0166030a2', $document['cookies']['http'][0]);
    self::assertSame('sqlite', $document['database']['driver']);
    self::assertFileExists($document['database']['path']);
  }

  public function testTheDocumentSaysWhereElseSessionsAndDataLie(): void {
    $settings = $this->settings();
    $site = new Site(new Settings(
      $settings->stateDir,
      'pgsql:host=/run/pg;dbname=drupal',
      $settings->siteUrl,
      $settings->brokerUrl,
      $settings->clientScript,
      sessions: 'redis',
      sessionPath: 'unix:///run/redis.sock?auth=x',
    ), $this->link);

    $document = $site->document()->toArray();
    self::assertSame(['handler' => 'redis', 'serializer' => 'php', 'store' => ['socket' => '/run/redis.sock', 'password' => 'x', 'prefix' => 'PHPREDIS_SESSION:', 'layout' => 'php']], $document['session']);
    self::assertSame(['driver' => 'pgsql', 'host' => '/run/pg', 'database' => 'drupal', 'prefix' => ''], $document['database']);
  }

  public function testTheDocumentStaysTheSameFromRequestToRequest(): void {
    self::assertSame($this->site->site->document()->toJson(), $this->services()->site->document()->toJson());
  }

  public function testABrokerThatIsAwayIsToldOfAndThrowsNothing(): void {
    $away = new RecordingLink(static fn (): array => throw new LinkError('no broker answers'));
    $site = new Services($this->settings(), $this->told, $away);

    self::assertStringContainsString('no broker answers', $site->site->introduce());
  }

  public function testABrokerThatCannotReadTheSessionsSaysWhy(): void {
    $refusing = new RecordingLink(static fn (): array => ['key' => 'demo', 'native_login' => FALSE, 'reason' => 'no such file']);
    $site = new Services($this->settings(), $this->told, $refusing);

    self::assertStringContainsString('no such file', $site->site->introduce());
  }

  public function testANoticeGoesOutWithTheSiteItIsOf(): void {
    $this->site->site->notify(new Notice(sessions: ['abc'], users: [3]));

    [$method, $params] = $this->link->calls[0];
    self::assertSame('site', $method);
    self::assertSame(['sessions' => ['abc'], 'users' => [3]], $params['notice']);
    self::assertSame('demo', $params['key']);
  }

  public function testTheSecretsAreReadableByTheirOwnerAlone(): void {
    $this->site->settings->apiKey();
    foreach (['secret', 'api-key'] as $name) {
      self::assertSame(0600, fileperms("{$this->site->settings->stateDir}/$name") & 0777);
    }
  }

}
