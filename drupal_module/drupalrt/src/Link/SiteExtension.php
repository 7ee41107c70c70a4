<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Link;

/**
 * The extension's functions that answer, asked in the name of one site.
 */
final class SiteExtension {

  /**
   * @param string $siteKey
   *   The site; empty: the only one that this system user registered.
   * @param string $siteSecret
   *   Its secret, without which the broker answers nothing about it.
   */
  public function __construct(
    private readonly string $siteKey = '',
    #[\SensitiveParameter] private readonly string $siteSecret = '',
  ) {}

  /**
   * Asks, and waits for the answer.
   *
   * @param \Closure(): T $question
   *   Calls one of the extension's functions.
   *
   * @return T
   *   The answer.
   *
   * @template T
   *
   * @throws \Drupal\drupalrt\Link\LinkError
   *   If there is no broker, or it refuses. A mistake in the question is a
   *   \ValueError, \TypeError or \JsonException, and stays one.
   */
  public function ask(\Closure $question): mixed {
    if (!function_exists('drupalrt_token')) {
      throw new LinkError('The PHP extension "drupalrt" is not loaded, or older than the module.');
    }
    try {
      if ($this->siteKey !== '') {
        \drupalrt_site($this->siteKey, $this->siteSecret);
      }
      return $question();
    }
    catch (\RuntimeException $refused) {
      throw new LinkError($refused->getMessage(), (int) $refused->getCode(), $refused);
    }
  }

}
