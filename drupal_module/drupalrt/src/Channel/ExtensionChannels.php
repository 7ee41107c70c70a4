<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Channel;

use Drupal\drupalrt\Link\SiteExtension;

/**
 * Asks the broker through the drupalrt extension.
 */
final class ExtensionChannels implements ChannelsInterface {

  public function __construct(private readonly SiteExtension $extension) {}

  /**
   * {@inheritdoc}
   */
  public function presence(string $channel): array {
    return array_map(Client::fromAnswer(...), $this->extension->ask(static fn (): array => \drupalrt_presence($channel)));
  }

  /**
   * {@inheritdoc}
   */
  public function presenceStats(string $channel): PresenceStats {
    $answer = $this->extension->ask(static fn (): array => \drupalrt_presence_stats($channel));
    return new PresenceStats($answer['num_clients'], $answer['num_users']);
  }

  /**
   * {@inheritdoc}
   */
  public function history(string $channel, int $limit = 0, ?Position $since = NULL, bool $reverse = FALSE): History {
    $options = ['limit' => $limit, 'reverse' => $reverse] + ($since === NULL ? [] : ['since' => $since->toArray()]);
    $answer = $this->extension->ask(static fn (): array => \drupalrt_history($channel, $options));
    return new History(
      array_map(Publication::fromAnswer(...), $answer['publications']),
      new Position($answer['offset'], $answer['epoch']),
    );
  }

  /**
   * {@inheritdoc}
   */
  public function channels(string $pattern = ''): array {
    $answer = $this->extension->ask(static fn (): array => \drupalrt_channels($pattern));
    return array_map(static fn (array $channel): int => $channel['num_clients'], $answer);
  }

  /**
   * {@inheritdoc}
   */
  public function subscribe(int|string $user, string $channel, array $options = []): void {
    $this->extension->ask(static fn () => \drupalrt_subscribe($user, $channel, $options));
  }

  /**
   * {@inheritdoc}
   */
  public function unsubscribe(int|string $user, string $channel, array $options = []): void {
    $this->extension->ask(static fn () => \drupalrt_unsubscribe($user, $channel, $options));
  }

  /**
   * {@inheritdoc}
   */
  public function disconnect(int|string $user, array $options = []): void {
    $this->extension->ask(static fn () => \drupalrt_disconnect($user, $options));
  }

}
