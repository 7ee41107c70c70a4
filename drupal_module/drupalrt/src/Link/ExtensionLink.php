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
      /** @var array<string, mixed> $answer */
      $answer = \drupalrt_call($method, $params);
      return $answer;
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
    $state = $details['state'];
    return new LinkStatus(in_array($state, LinkStatus::OF_EXTENSION, TRUE) ? $state : LinkStatus::ABSENT, $details);
  }

}
