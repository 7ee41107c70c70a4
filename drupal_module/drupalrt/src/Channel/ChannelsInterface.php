<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Channel;

/**
 * What the broker knows of the site's channels, and does to their clients.
 *
 * Unlike publishing, asking waits for the answer: 50 ms at most, as
 * drupalrt.timeout_ms in php.ini says. Every method throws a LinkError where
 * the broker is away (code 0) or refuses (the protocol's code: 102 there is no
 * such channel, 108 its namespace does not have that), and a \ValueError or
 * \TypeError for a mistake in what it is given.
 *
 * A user is the id of an account; 0 is every visitor who is not logged in.
 */
interface ChannelsInterface {

  /**
   * Who is in a channel whose namespace has "presence".
   *
   * @return array<string, \Drupal\drupalrt\Channel\Client>
   *   By client id: a user with two tabs is there twice.
   */
  public function presence(string $channel): array;

  /**
   * How many are in a channel whose namespace has "presence".
   */
  public function presenceStats(string $channel): PresenceStats;

  /**
   * What a channel whose namespace keeps history remembers.
   *
   * @param string $channel
   *   The channel.
   * @param int $limit
   *   How many publications at most; 300 where it is negative or larger, and
   *   with 0 the position alone.
   * @param \Drupal\drupalrt\Channel\Position|null $since
   *   Only those after it, or where reversed those before it. One of another
   *   epoch is refused with 112.
   * @param bool $reverse
   *   The newest first.
   */
  public function history(string $channel, int $limit = 0, ?Position $since = NULL, bool $reverse = FALSE): History;

  /**
   * The channels that somebody is subscribed to.
   *
   * @param string $pattern
   *   As of a shell, such as "chat:*"; empty: all.
   *
   * @return array<int|string, int>
   *   How many clients each has, by channel.
   */
  public function channels(string $pattern = ''): array;

  /**
   * Subscribes a user's present clients to a channel, whatever its rule says.
   *
   * @param int|string $user
   *   The user.
   * @param string $channel
   *   The channel.
   * @param array<string, mixed> $options
   *   Options of drupalrt_subscribe(): client, session, info, data, expire_at,
   *   presence, join_leave, recover_since and others.
   */
  public function subscribe(int|string $user, string $channel, array $options = []): void;

  /**
   * Ends the subscriptions of a user's clients to a channel.
   *
   * @param int|string $user
   *   The user.
   * @param string $channel
   *   The channel.
   * @param array<string, mixed> $options
   *   Options of drupalrt_unsubscribe(): client, session, code, reason.
   */
  public function unsubscribe(int|string $user, string $channel, array $options = []): void;

  /**
   * Closes the connections of a user, for good unless the code says otherwise.
   *
   * @param int|string $user
   *   The user.
   * @param array<string, mixed> $options
   *   Options of drupalrt_disconnect(): client, session, whitelist, code,
   *   reason.
   */
  public function disconnect(int|string $user, array $options = []): void;

}
