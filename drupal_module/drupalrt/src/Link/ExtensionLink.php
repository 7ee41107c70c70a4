<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Link;

/**
 * The line through the drupalrt extension.
 */
final class ExtensionLink implements Link {

  /**
   * {@inheritdoc}
   */
  public function call(string $method, #[\SensitiveParameter] array $params = []): array {
    if (!function_exists('drupalrt_call')) {
      throw new LinkError('The PHP extension "drupalrt" is not loaded.');
    }
    try {
      return \drupalrt_call($method, $params);
    }
    catch (\Throwable $refused) {
      throw new LinkError($refused->getMessage(), (int) $refused->getCode(), $refused);
    }
  }

  /**
   * {@inheritdoc}
   */
  public function status(): LinkStatus {
    if (!function_exists('drupalrt_status')) {
      return new LinkStatus(LinkStatus::NO_EXTENSION);
    }
    $details = \drupalrt_status();
    $state = str_replace('_', ' ', strtolower((string) ($details['state'] ?? '')));
    $known = [LinkStatus::CONNECTED, LinkStatus::NOT_PERMITTED, LinkStatus::INCOMPATIBLE];
    return new LinkStatus(in_array($state, $known, TRUE) ? $state : LinkStatus::ABSENT, $details);
  }

}
