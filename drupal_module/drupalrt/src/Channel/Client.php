<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Channel;

/**
 * One browser, as others in a channel see it.
 */
final class Client {

  /**
   * @param string $user
   *   The id of its account; empty for a visitor who is not logged in.
   * @param string $client
   *   Its own id, good until it reconnects.
   * @param mixed $connInfo
   *   What is known of the connection, such as ['name' => …].
   * @param mixed $chanInfo
   *   What its token, or whoever subscribed it, said of it in this channel.
   */
  public function __construct(
    public readonly string $user,
    public readonly string $client,
    public readonly mixed $connInfo = NULL,
    public readonly mixed $chanInfo = NULL,
  ) {}

  /**
   * Reads the extension's answer.
   *
   * @param array{user?: string, client?: string, conn_info?: mixed, chan_info?: mixed} $answer
   *   As drupalrt_presence() and drupalrt_history() have it.
   */
  public static function fromAnswer(array $answer): self {
    return new self($answer['user'] ?? '', $answer['client'] ?? '', $answer['conn_info'] ?? NULL, $answer['chan_info'] ?? NULL);
  }

}
