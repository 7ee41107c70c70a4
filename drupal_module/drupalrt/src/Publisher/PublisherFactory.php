<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publisher;

use Drupal\Core\Database\Connection;
use Drupal\drupalrt\Introduction\SiteIdentity;
use Drupal\drupalrt\Publish\Event;
use Drupal\drupalrt\Publish\EventQueue;
use Drupal\drupalrt\Publish\ExtensionTransport;
use Drupal\drupalrt\Publish\Publisher;
use Psr\Log\LoggerInterface;

/**
 * Makes the publisher that waits for the commit of Drupal's transactions.
 */
final class PublisherFactory {

  /**
   * @param \Closure(): \Drupal\drupalrt\Publish\Transport $transport
   *   Made at the first event.
   * @param \Drupal\Core\Database\Connection $database
   *   Whose transactions count.
   * @param \Drupal\drupalrt\Introduction\SiteIdentity $identity
   *   The site that publishes.
   * @param \Psr\Log\LoggerInterface $logger
   *   Where mistakes of publishing modules go.
   */
  public function __construct(
    private readonly \Closure $transport,
    private readonly Connection $database,
    private readonly SiteIdentity $identity,
    private readonly LoggerInterface $logger,
  ) {}

  /**
   * The publisher.
   */
  public function publisher(): Publisher {
    return new Publisher(
      new EventQueue(($this->transport)()),
      $this->holdForCommit(...),
      fn (\Throwable $mistake) => $this->logger->error('An event was not published: @message', ['@message' => $mistake->getMessage()]),
    );
  }

  /**
   * The way to the broker, as this site.
   */
  public function transport(): ExtensionTransport {
    return new ExtensionTransport(
      $this->identity->key(),
      $this->identity->secret(),
      fn (\Throwable $mistake, Event $event) => $this->logger->error('An event for @channels was not published: @message', [
        '@channels' => implode(', ', $event->channels),
        '@message' => $mistake->getMessage(),
      ]),
    );
  }

  /**
   * Has the queue wait for the root transaction's end, if one is open.
   *
   * Entity hooks run inside the storage's transaction: what they publish must
   * not be seen before what they tell of can be read.
   */
  private function holdForCommit(EventQueue $queue): void {
    if ($queue->isHolding() || !$this->database->inTransaction()) {
      return;
    }
    $lostBefore = $queue->lost();
    $this->database->transactionManager()->addPostTransactionCallback(function (bool $committed) use ($queue, $lostBefore): void {
      $committed ? $queue->release() : $queue->drop();
      $lost = $queue->lost() - $lostBefore;
      if ($lost > 0) {
        $this->logger->warning('A transaction published more than @most events; the last @lost are lost.', [
          '@most' => EventQueue::MAX_HELD,
          '@lost' => $lost,
        ]);
      }
    });
    $queue->hold();
  }

}
