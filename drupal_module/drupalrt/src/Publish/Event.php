<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * What PHP publishes: data for one channel, or for several at once.
 *
 * Immutable. Objects in the data are frozen into plain values here, because an
 * event may wait for a commit while the code that made it goes on changing
 * them.
 */
final class Event {

  /**
   * The broker's own bound on a channel's name, in bytes.
   */
  public const MAX_CHANNEL_BYTES = 255;

  /**
   * How deep data may be nested: json_encode()'s own bound.
   */
  private const MAX_DEPTH = 512;

  /**
   * Use ::to() or ::toMany().
   *
   * @param list<string> $channels
   *   One channel or more.
   * @param mixed $data
   *   Anything json_encode() takes.
   * @param array<string, mixed> $options
   *   Options of drupalrt_publish().
   */
  private function __construct(
    public readonly array $channels,
    public readonly mixed $data,
    public readonly array $options,
  ) {}

  /**
   * An event for one channel.
   *
   * @param string $channel
   *   Such as "node:7": a namespace, a colon and the rest.
   * @param mixed $data
   *   Anything json_encode() takes.
   * @param array<string, mixed> $options
   *   Options of drupalrt_publish().
   *
   * @throws \InvalidArgumentException
   *   If that is no channel's name.
   * @throws \JsonException
   *   If an object in the data cannot be encoded.
   */
  public static function to(string $channel, mixed $data, array $options = []): self {
    return self::toMany([$channel], $data, $options);
  }

  /**
   * One event for several channels; the broker encodes it once.
   *
   * @param array<string> $channels
   *   Their names, at least one; the same name twice counts once.
   * @param mixed $data
   *   Anything json_encode() takes.
   * @param array<string, mixed> $options
   *   Options of drupalrt_broadcast().
   *
   * @throws \InvalidArgumentException
   *   If one of them is no channel's name.
   * @throws \JsonException
   *   If an object in the data cannot be encoded.
   */
  public static function toMany(array $channels, mixed $data, array $options = []): self {
    if ($channels === []) {
      throw new \InvalidArgumentException('An event needs at least one channel.');
    }
    foreach ($channels as $channel) {
      self::checkChannel($channel);
    }
    return new self(array_values(array_unique($channels)), self::frozen($data), $options);
  }

  private static function checkChannel(mixed $channel): void {
    if (!is_string($channel)) {
      throw new \InvalidArgumentException('A channel is a string, not ' . get_debug_type($channel) . '.');
    }
    if ($channel === '' || strlen($channel) > self::MAX_CHANNEL_BYTES) {
      throw new \InvalidArgumentException(sprintf(
        'A channel has 1 to %d bytes, this one has %d.', self::MAX_CHANNEL_BYTES, strlen($channel),
      ));
    }
    if (preg_match('/[^\x21-\x7e]/', $channel) === 1) {
      throw new \InvalidArgumentException('A channel is printable ASCII without spaces: ' . json_encode($channel, JSON_INVALID_UTF8_SUBSTITUTE));
    }
  }

  private static function frozen(mixed $data): mixed {
    if (!self::holdsObject($data)) {
      return $data;
    }
    $json = json_encode($data, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION);
    return json_decode($json, FALSE, self::MAX_DEPTH, JSON_THROW_ON_ERROR);
  }

  /**
   * What is nested too deeply counts as an object: the encoder refuses it.
   */
  private static function holdsObject(mixed $data, int $depth = 0): bool {
    if (is_object($data) || $depth > self::MAX_DEPTH) {
      return TRUE;
    }
    foreach (is_array($data) ? $data : [] as $value) {
      if (self::holdsObject($value, $depth + 1)) {
        return TRUE;
      }
    }
    return FALSE;
  }

}
