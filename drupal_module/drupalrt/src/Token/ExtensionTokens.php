<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Token;

use Drupal\drupalrt\Link\SiteExtension;

/**
 * Has the broker mint tokens, through the drupalrt extension.
 */
final class ExtensionTokens implements TokensInterface {

  public function __construct(private readonly SiteExtension $extension) {}

  /**
   * {@inheritdoc}
   */
  public function connection(int|string $uid, array $info = [], int $ttlSeconds = self::DEFAULT_TTL_SECONDS, array $channels = []): string {
    return $this->mint($uid, ['ttl' => $ttlSeconds] + array_filter(['info' => $info, 'channels' => $channels]));
  }

  /**
   * {@inheritdoc}
   */
  public function subscription(int|string $uid, string $channel, int $ttlSeconds = self::DEFAULT_TTL_SECONDS, array $info = []): string {
    return $this->mint($uid, ['ttl' => $ttlSeconds, 'channel' => $channel] + array_filter(['info' => $info]));
  }

  /**
   * @param int|string $uid
   *   The user.
   * @param array<string, mixed> $options
   *   Options of drupalrt_token().
   */
  private function mint(int|string $uid, array $options): string {
    return $this->extension->ask(static fn (): string => \drupalrt_token($uid, $options));
  }

}
