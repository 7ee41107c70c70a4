<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

/**
 * What the broker says of a site it knows.
 */
final class Registration {

  /**
   * @param string $key
   *   The site.
   * @param bool $nativeLogin
   *   Whether the broker reads the site's sessions itself.
   * @param string $reason
   *   Why it does not.
   * @param list<string> $hosts
   *   The hosts it knows the site by, where it said so.
   * @param bool $read
   *   Whether it has read the site's data.
   * @param string $trouble
   *   Why it could not the last time; empty: it could, or has not tried.
   */
  public function __construct(
    public readonly string $key,
    public readonly bool $nativeLogin,
    public readonly string $reason = '',
    public readonly array $hosts = [],
    public readonly bool $read = FALSE,
    public readonly string $trouble = '',
  ) {}

  /**
   * Reads a broker's answer.
   *
   * @param array<mixed> $answer
   *   With the keys key, native_login, reason, hosts, read and
   *   trouble.
   */
  public static function fromAnswer(array $answer): self {
    $text = static fn (string $name): string => is_string($answer[$name] ?? NULL) ? $answer[$name] : '';
    $hosts = is_array($answer['hosts'] ?? NULL) ? $answer['hosts'] : [];
    return new self(
      $text('key'),
      ($answer['native_login'] ?? FALSE) === TRUE,
      $text('reason'),
      array_values(array_filter($hosts, 'is_string')),
      ($answer['read'] ?? FALSE) === TRUE,
      $text('trouble'),
    );
  }

}
