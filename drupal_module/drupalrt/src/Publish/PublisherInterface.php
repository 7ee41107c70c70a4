<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * Publishes events to the browsers that listen.
 *
 * An event goes out when the running transaction commits, or at once where
 * there is none; a rollback drops it. Neither method ever throws: mistakes are
 * logged, and a broker that is away costs nothing but the event.
 */
interface PublisherInterface {

  /**
   * Publishes to one channel.
   *
   * @param string $channel
   *   Such as "node:7": a namespace that a module declares in its
   *   MODULE.drupalrt.yml, a colon and the rest.
   * @param mixed $data
   *   Anything json_encode() takes. Everyone who may subscribe to the channel
   *   sees it, so it must hold nothing that some of them may not.
   * @param array<string, mixed> $options
   *   Options of drupalrt_publish(): tags, idempotency_key, skip_history,
   *   exclude and others.
   */
  public function publish(string $channel, mixed $data, array $options = []): void;

  /**
   * Publishes one event to several channels.
   *
   * @param array<string> $channels
   *   Their names.
   * @param mixed $data
   *   As of publish().
   * @param array<string, mixed> $options
   *   As of publish().
   */
  public function broadcast(array $channels, mixed $data, array $options = []): void;

}
