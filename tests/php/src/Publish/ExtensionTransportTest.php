<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Publish;

use Drupal\drupalrt\Publish\Event;
use Drupal\drupalrt\Publish\ExtensionTransport;
use Drupal\Tests\drupalrt\FakeExtension;
use PHPUnit\Framework\TestCase;

/**
 * Against functions of the extension's names, played by the test.
 */
final class ExtensionTransportTest extends TestCase {

  protected function setUp(): void {
    FakeExtension::reset();
  }

  public function testOneChannelIsPublishedSeveralAreBroadcast(): void {
    $transport = new ExtensionTransport();
    self::assertTrue($transport->deliver(Event::to('a:1', 1, ['skip_history' => TRUE])));
    self::assertTrue($transport->deliver(Event::toMany(['a:1', 'b:1'], 2)));

    self::assertSame([
      ['publish', 'a:1', 1, ['skip_history' => TRUE]],
      ['broadcast', ['a:1', 'b:1'], 2, []],
    ], FakeExtension::$calls);
  }

  public function testSelectsItsSiteOnce(): void {
    $transport = new ExtensionTransport('site', 'secret');
    $transport->deliver(Event::to('a:1', 1));
    $transport->deliver(Event::to('a:1', 2));

    self::assertSame(['site', 'publish', 'publish'], array_column(FakeExtension::$calls, 0));
    self::assertSame(['site', 'site', 'secret'], FakeExtension::$calls[0]);
  }

  public function testABrokerThatIsAwayCostsTheEventAndNothingElse(): void {
    FakeExtension::$answer = FALSE;
    $transport = new ExtensionTransport();

    self::assertFalse($transport->deliver(Event::to('a:1', 1)));
    self::assertSame(1, $transport->undelivered());
  }

  public function testAMistakeIsToldWithItsEventAndNeverThrown(): void {
    FakeExtension::$throws = new \JsonException('Malformed UTF-8');
    $told = [];
    $transport = new ExtensionTransport(onError: static function (\Throwable $mistake, Event $event) use (&$told): void {
      $told[] = [$mistake->getMessage(), $event->channels];
    });

    self::assertFalse($transport->deliver(Event::to('a:1', "\xff")));
    self::assertSame([['Malformed UTF-8', ['a:1']]], $told);
    self::assertSame(1, $transport->undelivered());
  }

  public function testNotEvenABrokenLogBreaksASave(): void {
    FakeExtension::$throws = new \ValueError('mistake');
    $transport = new ExtensionTransport(onError: static fn () => throw new \LogicException('broken'));
    self::assertFalse($transport->deliver(Event::to('a:1', 1)));
  }

}
