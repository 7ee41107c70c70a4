<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Site;

use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Link\RecordingLink;
use Drupal\drupalrt\Site\Notice;
use Drupal\drupalrt\Site\SiteDocument;
use Drupal\drupalrt\Site\SiteRegistry;
use PHPUnit\Framework\TestCase;

final class SiteRegistryTest extends TestCase {

  /**
   * @param array<string, mixed> $answer
   *   What the broker answers.
   */
  private static function link(array $answer = []): RecordingLink {
    return new RecordingLink(static fn (): array => $answer);
  }

  public function testIntroducesASiteAndReadsTheAnswer(): void {
    $link = self::link(['key' => 'site', 'native_login' => FALSE, 'reason' => 'sessions are elsewhere']);
    $registration = (new SiteRegistry($link))->introduce(new SiteDocument(['key' => 'site', 'secret' => 's']));

    self::assertSame([['site', ['document' => ['key' => 'site', 'secret' => 's']]]], $link->calls);
    self::assertFalse($registration->nativeLogin);
    self::assertSame('sessions are elsewhere', $registration->reason);
  }

  public function testFindsItselfAmongTheSites(): void {
    $registry = new SiteRegistry(self::link(['sites' => [
      ['key' => 'other', 'native_login' => FALSE],
      ['key' => 'site', 'native_login' => TRUE, 'reason' => '', 'hosts' => ['site.test']],
    ]
    ]));

    self::assertSame(['site.test'], $registry->find('site')?->hosts);
    self::assertTrue($registry->find('site')->nativeLogin);
    self::assertNull($registry->find('third'));
  }

  public function testAnOddAnswerIsNoSite(): void {
    self::assertNull((new SiteRegistry(self::link(['sites' => 'none'])))->find('site'));
    self::assertNull((new SiteRegistry(self::link()))->find('site'));
  }

  public function testRemovesWithTheSecret(): void {
    $link = self::link();
    (new SiteRegistry($link))->remove('site', 'secret');
    self::assertSame([['site', ['remove' => 'site', 'secret' => 'secret']]], $link->calls);
  }

  public function testTellsWhatChangedAndNothingElse(): void {
    $link = self::link();
    $registry = new SiteRegistry($link);
    $registry->notify('site', 'secret', new Notice(users: [7]));
    $registry->notify('site', 'secret', new Notice());

    self::assertSame([['site', ['notice' => ['users' => [7]], 'key' => 'site', 'secret' => 'secret']]], $link->calls);
  }

  public function testARefusalIsThrown(): void {
    $registry = new SiteRegistry(new RecordingLink(static fn () => throw new LinkError('no', 103)));
    $this->expectExceptionObject(new LinkError('no', 103));
    $registry->introduce(new SiteDocument(['key' => 'site', 'secret' => 's']));
  }

}
