<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Publish;

use Drupal\drupalrt\Publish\Event;
use Drupal\drupalrt\Publish\EventQueue;
use Drupal\drupalrt\Publish\RecordingTransport;
use Drupal\drupalrt\Publish\Transport;
use PHPUnit\Framework\TestCase;

final class EventQueueTest extends TestCase {

  private RecordingTransport $transport;

  private EventQueue $queue;

  protected function setUp(): void {
    $this->transport = new RecordingTransport();
    $this->queue = new EventQueue($this->transport);
  }

  public function testSendsAtOnceWhereNothingHoldsIt(): void {
    $this->queue->add(Event::to('a:1', 1));
    self::assertSame([1], $this->transport->dataFor('a:1'));
  }

  public function testHoldsUntilReleasedAndKeepsTheOrder(): void {
    $this->queue->hold();
    foreach ([1, 2, 2, 3] as $data) {
      $this->queue->add(Event::to('a:1', $data));
    }
    self::assertSame([], $this->transport->events());

    $this->queue->release();
    self::assertSame([1, 2, 2, 3], $this->transport->dataFor('a:1'));
  }

  public function testDropsWhatWasRolledBack(): void {
    $this->queue->hold();
    $this->queue->add(Event::to('a:1', 'never'));
    $this->queue->drop();
    $this->queue->add(Event::to('a:1', 'later'));
    $this->queue->release();

    self::assertSame(['later'], $this->transport->dataFor('a:1'));
  }

  public function testWhatNobodyReleasedIsNotSent(): void {
    $this->queue->hold();
    $this->queue->add(Event::to('a:1', 'uncommitted'));
    unset($this->queue);

    self::assertSame([], $this->transport->events());
  }

  public function testHoldingTwiceIsHoldingOnce(): void {
    $this->queue->hold();
    $this->queue->hold();
    $this->queue->add(Event::to('a:1', 1));
    $this->queue->release();

    self::assertFalse($this->queue->isHolding());
    self::assertSame([1], $this->transport->dataFor('a:1'));
  }

  public function testAboveItsBoundEventsAreLostAndCounted(): void {
    $this->queue->hold();
    $event = Event::to('a:1', 1);
    for ($i = 0; $i < EventQueue::MAX_HELD + 3; $i++) {
      $this->queue->add($event);
    }
    $this->queue->release();

    self::assertCount(EventQueue::MAX_HELD, $this->transport->events());
    self::assertSame(3, $this->queue->lost());
  }

  public function testATransportMayPublishWhileItIsGivenEvents(): void {
    $transport = new class () implements Transport {

      public ?EventQueue $queue = NULL;

      /**
       * What came.
       *
       * @var list<mixed>
       */
      public array $data = [];

      public function deliver(Event $event): bool {
        $this->data[] = $event->data;
        if ($event->data === 1) {
          $this->queue?->add(Event::to('a:1', 'answer'));
        }
        return TRUE;
      }

    };
    $transport->queue = new EventQueue($transport);
    $transport->queue->hold();
    $transport->queue->add(Event::to('a:1', 1));
    $transport->queue->add(Event::to('a:1', 2));
    $transport->queue->release();

    self::assertSame([1, 'answer', 2], $transport->data);
  }

}
