<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Publish;

use Drupal\drupalrt\Publish\Event;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class EventTest extends TestCase {

  public function testCarriesChannelDataAndOptions(): void {
    $event = Event::to('node:7', ['title' => 'New'], ['skip_history' => TRUE]);

    self::assertSame(['node:7'], $event->channels);
    self::assertSame(['title' => 'New'], $event->data);
    self::assertSame(['skip_history' => TRUE], $event->options);
  }

  public function testTheSameChannelTwiceCountsOnce(): void {
    self::assertSame(['a:1', 'b:1'], Event::toMany(['a:1', 'b:1', 'a:1'], 1)->channels);
  }

  /**
   * @return iterable<string, array{string}>
   *   Names that are none.
   */
  public static function badChannels(): iterable {
    yield 'empty' => [''];
    yield 'too long' => [str_repeat('x', 256)];
    yield 'a space' => ['node: 7'];
    yield 'a line break at its end' => ["node:7\n"];
    yield 'not ASCII' => ["node:\u{e9}"];
    yield 'not UTF-8 either' => ["node:\xff"];
  }

  #[DataProvider('badChannels')]
  public function testRefusesWhatIsNoChannel(string $channel): void {
    $this->expectException(\InvalidArgumentException::class);
    Event::to($channel, 1);
  }

  public function testTheLongestChannelIsGood(): void {
    self::assertSame(255, strlen(Event::to(str_repeat('x', 255), 1)->channels[0]));
  }

  public function testNeedsAChannel(): void {
    $this->expectException(\InvalidArgumentException::class);
    Event::toMany([], 1);
  }

  public function testObjectsAreFrozenAsTheyAreNow(): void {
    $node = (object) ['title' => 'Before', 'empty' => new \stdClass(), 'price' => 1.0];
    $event = Event::to('node:7', ['node' => $node]);
    $node->title = 'After';

    self::assertSame('{"node":{"title":"Before","empty":{},"price":1.0}}', json_encode($event->data, JSON_PRESERVE_ZERO_FRACTION));
  }

  public function testAnObjectThatCannotBeEncodedIsToldAtOnce(): void {
    $this->expectException(\JsonException::class);
    Event::to('node:7', (object) ['bytes' => "\xff"]);
  }

  public function testWhatIsNestedWithoutEndIsRefusedInsteadOfFollowed(): void {
    $data = [];
    $data['self'] = &$data;

    $this->expectException(\JsonException::class);
    Event::to('node:7', $data);
  }

}
