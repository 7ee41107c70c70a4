<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Token;

/**
 * Tokens that say what a browser may do where only PHP can judge that.
 *
 * A connection token says who somebody is, for sites whose sessions the broker
 * cannot read. A subscription token lets one user into one channel, for rights
 * that depend on more than permissions. The broker mints them, so it has to be
 * there: every method throws a LinkError where it is not, or refuses.
 *
 * The browser client fetches both by itself (see the routes drupalrt.token.*
 * and hook_drupalrt_subscription_access()), so that pages need none.
 */
interface TokensInterface {

  public const DEFAULT_TTL_SECONDS = 3600;

  /**
   * A token that connects its bearer as a user.
   *
   * @param int|string $uid
   *   The user; 0 is a visitor who is not logged in.
   * @param array<string, mixed> $info
   *   What others see of the connection, such as ['name' => …].
   * @param int $ttlSeconds
   *   How long it is good for.
   * @param list<string> $channels
   *   Channels that the connection is subscribed to from the start.
   */
  public function connection(int|string $uid, array $info = [], int $ttlSeconds = self::DEFAULT_TTL_SECONDS, array $channels = []): string;

  /**
   * A token that lets a user subscribe to one channel.
   *
   * @param int|string $uid
   *   The user who may; the broker refuses anybody else's connection.
   * @param string $channel
   *   The channel.
   * @param int $ttlSeconds
   *   How long it is good for.
   * @param array<string, mixed> $info
   *   What others in the channel see of the subscription.
   */
  public function subscription(int|string $uid, string $channel, int $ttlSeconds = self::DEFAULT_TTL_SECONDS, array $info = []): string;

}
