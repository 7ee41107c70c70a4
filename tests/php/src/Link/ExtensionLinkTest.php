<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Link;

use Drupal\drupalrt\Link\ExtensionLink;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Link\LinkStatus;
use Drupal\Tests\drupalrt\FakeExtension;
use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;

/**
 * Against functions of the extension's names, played by the test.
 */
final class ExtensionLinkTest extends TestCase {

  protected function setUp(): void {
    FakeExtension::reset();
  }

  public function testPassesCallsAndAnswers(): void {
    FakeExtension::$result = ['nodes' => []];
    self::assertSame(['nodes' => []], (new ExtensionLink())->call('info', ['a' => 1]));
    self::assertSame([['call', 'info', ['a' => 1]]], FakeExtension::$calls);
  }

  public function testARefusalKeepsItsCodeAndWords(): void {
    FakeExtension::$throws = new \RuntimeException('permission denied', 103);
    $this->expectExceptionObject(new LinkError('permission denied', 103));
    (new ExtensionLink())->call('site');
  }

  #[TestWith(['connected', LinkStatus::CONNECTED])]
  #[TestWith(['not permitted', LinkStatus::NOT_PERMITTED])]
  #[TestWith(['incompatible', LinkStatus::INCOMPATIBLE])]
  #[TestWith(['not answering', LinkStatus::NOT_ANSWERING])]
  #[TestWith(['never tried', LinkStatus::ABSENT])]
  public function testTellsHowTheLineIs(string $said, string $state): void {
    FakeExtension::$status = ['state' => $said, 'broker_version' => '1.0', 'sites' => ['a']];
    $status = (new ExtensionLink())->status();

    self::assertSame($state, $status->state);
    self::assertSame($state === LinkStatus::CONNECTED, $status->isConnected());
    self::assertSame('1.0', $status->detail('broker_version'));
    self::assertSame('', $status->detail('sites'));
    self::assertSame('', $status->detail('last_error'));
  }

}
