<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Token;

/**
 * Signs what a browser may do where only PHP can judge that.
 *
 * A connection token says who somebody is, for sites whose sessions the broker
 * cannot read; a subscription token lets one user into one channel, for rights
 * that depend on more than permissions. Both are JWTs (HS256) under the site's
 * secret, minted with the page that needs them.
 */
final class TokenMinter {

  public const DEFAULT_TTL_SECONDS = 3600;

  /**
   * @param string $secret
   *   The site's.
   * @param \Closure(): int|null $clock
   *   The time in seconds; the machine's own where not given.
   */
  public function __construct(
    #[\SensitiveParameter] private readonly string $secret,
    private readonly ?\Closure $clock = NULL,
  ) {
    if (strlen($secret) < 32) {
      throw new \InvalidArgumentException('A signing secret has at least 32 characters.');
    }
  }

  /**
   * A token that connects its bearer as a user.
   *
   * @param int $uid
   *   The user; 0 is an anonymous visitor.
   * @param array<string, mixed> $info
   *   What others see of the connection, such as ['name' => …].
   * @param int $ttlSeconds
   *   How long it is good for.
   */
  public function connection(int $uid, array $info = [], int $ttlSeconds = self::DEFAULT_TTL_SECONDS): string {
    return $this->sign($this->claims($uid, $ttlSeconds) + ($info === [] ? [] : ['info' => $info]));
  }

  /**
   * A token that lets a user subscribe to one channel.
   *
   * @param int $uid
   *   The user who may; the broker refuses anybody else's connection.
   * @param string $channel
   *   The channel.
   * @param int $ttlSeconds
   *   How long it is good for.
   */
  public function subscription(int $uid, string $channel, int $ttlSeconds = self::DEFAULT_TTL_SECONDS): string {
    return $this->sign($this->claims($uid, $ttlSeconds) + ['channel' => $channel]);
  }

  /**
   * @param int $uid
   *   The user.
   * @param int $ttlSeconds
   *   How long.
   *
   * @return array<string, mixed>
   *   The claims both kinds have.
   */
  private function claims(int $uid, int $ttlSeconds): array {
    if ($ttlSeconds < 1) {
      throw new \InvalidArgumentException('A token is good for at least a second.');
    }
    $now = $this->clock === NULL ? time() : ($this->clock)();
    return ['sub' => $uid > 0 ? (string) $uid : '', 'iat' => $now, 'exp' => $now + $ttlSeconds];
  }

  /**
   * @param array<string, mixed> $claims
   *   The claims.
   */
  private function sign(array $claims): string {
    $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
    $signed = self::encode(json_encode(['alg' => 'HS256', 'typ' => 'JWT'], $flags))
      . '.' . self::encode(json_encode($claims, $flags));
    return $signed . '.' . self::encode(hash_hmac('sha256', $signed, $this->secret, TRUE));
  }

  private static function encode(string $bytes): string {
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
  }

}
