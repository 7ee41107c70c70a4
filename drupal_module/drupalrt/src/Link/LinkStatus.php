<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Link;

/**
 * How the line to the broker is at the moment.
 */
final class LinkStatus {

  public const CONNECTED = 'connected';

  public const NO_EXTENSION = 'no extension';

  public const ABSENT = 'absent';

  public const NOT_PERMITTED = 'not permitted';

  public const INCOMPATIBLE = 'incompatible';

  public const NOT_ANSWERING = 'not answering';

  /**
   * What drupalrt_status() may say.
   */
  public const OF_EXTENSION = [
    self::CONNECTED,
    self::ABSENT,
    self::NOT_PERMITTED,
    self::INCOMPATIBLE,
    self::NOT_ANSWERING,
  ];

  /**
   * @param string $state
   *   One of the constants.
   * @param array<string, mixed> $details
   *   What the extension said besides, such as versions and the socket.
   */
  public function __construct(
    public readonly string $state,
    public readonly array $details = [],
  ) {}

  /**
   * Whether events get through.
   */
  public function isConnected(): bool {
    return $this->state === self::CONNECTED;
  }

  /**
   * One of the details as text; empty where the extension did not say.
   */
  public function detail(string $name): string {
    $value = $this->details[$name] ?? '';
    return is_scalar($value) ? (string) $value : '';
  }

}
