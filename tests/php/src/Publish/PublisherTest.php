<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Publish;

use Drupal\drupalrt\Publish\EventQueue;
use Drupal\drupalrt\Publish\NullPublisher;
use Drupal\drupalrt\Publish\NullTransport;
use Drupal\drupalrt\Publish\Publisher;
use Drupal\drupalrt\Publish\RecordingPublisher;
use Drupal\drupalrt\Publish\RecordingTransport;
use PHPUnit\Framework\TestCase;

final class PublisherTest extends TestCase {

  public function testPublishesAndBroadcasts(): void {
    $transport = new RecordingTransport();
    $publisher = new Publisher(new EventQueue($transport));
    $publisher->publish('a:1', 'one', ['tags' => ['k' => 'v']]);
    $publisher->broadcast(['a:1', 'b:1'], 'many');

    self::assertSame(['one', 'many'], $transport->dataFor('a:1'));
    self::assertSame(['many'], $transport->dataFor('b:1'));
    self::assertSame(['tags' => ['k' => 'v']], $transport->events()[0]->options);
  }

  public function testAsksBeforeEachEventWhetherToHold(): void {
    $transport = new RecordingTransport();
    $queue = new EventQueue($transport);
    $publisher = new Publisher($queue, static fn (EventQueue $queue) => $queue->hold());
    $publisher->publish('a:1', 1);
    self::assertSame([], $transport->events());

    $queue->release();
    self::assertSame([1], $transport->dataFor('a:1'));
  }

  public function testAMistakeIsToldAndNeverThrown(): void {
    $told = [];
    $publisher = new Publisher(
      new EventQueue(new NullTransport()),
      onError: static function (\Throwable $mistake) use (&$told): void {
        $told[] = $mistake->getMessage();
      },
    );
    $publisher->publish('', 1);
    $publisher->broadcast([], 1);
    $publisher->publish('a:1', (object) ['bytes' => "\xff"]);

    self::assertCount(3, $told);
  }

  public function testNotEvenABrokenLogBreaksASave(): void {
    $publisher = new Publisher(
      new EventQueue(new NullTransport()),
      onError: static fn () => throw new \LogicException('broken'),
    );
    $publisher->publish('', 1);
    $this->expectNotToPerformAssertions();
  }

  public function testTheNullPublisherTakesAnything(): void {
    $publisher = new NullPublisher();
    $publisher->publish('', 1);
    $publisher->broadcast([], 1);
    $this->expectNotToPerformAssertions();
  }

  public function testTheRecordingOneKeepsEventsAndThrowsOnMistakes(): void {
    $publisher = new RecordingPublisher();
    $publisher->publish('a:1', 1);
    $publisher->broadcast(['b:1', 'b:2'], 2);
    self::assertSame([1, 2], array_column($publisher->events(), 'data'));

    $this->expectException(\InvalidArgumentException::class);
    $publisher->publish('', 1);
  }

}
