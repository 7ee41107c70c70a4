<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Publish;

/**
 * Hands events to the broker through the drupalrt extension.
 *
 * Where the extension is not loaded, or the broker is away, events are gone
 * and counted: pages are saved all the same.
 */
final class ExtensionTransport implements Transport {

  private int $undelivered = 0;

  private bool $siteSelected = FALSE;

  /**
   * @param string $siteKey
   *   The site that publishes; empty: the only one that this user registered.
   * @param string $siteSecret
   *   Its secret, without which the broker takes nothing for it.
   * @param (\Closure(\Throwable, \Drupal\drupalrt\Publish\Event): void)|null $onError
   *   Told of mistakes, such as data that cannot be encoded; for the log.
   */
  public function __construct(
    private readonly string $siteKey = '',
    #[\SensitiveParameter] private readonly string $siteSecret = '',
    private readonly ?\Closure $onError = NULL,
  ) {}

  /**
   * {@inheritdoc}
   */
  public function deliver(Event $event): bool {
    $taken = FALSE;
    try {
      $taken = self::isAvailable() && $this->handOver($event);
    }
    catch (\Throwable $mistake) {
      $this->tell($mistake, $event);
    }
    $this->undelivered += $taken ? 0 : 1;
    return $taken;
  }

  /**
   * How many events were not taken, for whatever reason.
   */
  public function undelivered(): int {
    return $this->undelivered;
  }

  /**
   * Whether the extension is loaded.
   */
  public static function isAvailable(): bool {
    return function_exists('drupalrt_publish');
  }

  private function handOver(Event $event): bool {
    if (!$this->siteSelected && $this->siteKey !== '') {
      \drupalrt_site($this->siteKey, $this->siteSecret);
      $this->siteSelected = TRUE;
    }
    if (count($event->channels) === 1) {
      return \drupalrt_publish($event->channels[0], $event->data, $event->options);
    }
    return \drupalrt_broadcast($event->channels, $event->data, $event->options);
  }

  private function tell(\Throwable $mistake, Event $event): void {
    if ($this->onError === NULL) {
      return;
    }
    try {
      ($this->onError)($mistake, $event);
    }
    catch (\Throwable) {
      // Not even a broken logger may break a save.
    }
  }

}
