<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Realtime;

use Drupalrt\SampleSite\Account\Roles;
use Drupalrt\SampleSite\Settings;

/**
 * The site as the broker knows it: its document, and the way there.
 */
final class Site {

  public const KEY = 'demo';

  public function __construct(
    private readonly Settings $settings,
    private readonly Roles $roles,
  ) {}

  public function introduceOnce(): void {}

  public function publish(string $channel, mixed $data): bool {
    return function_exists('drupalrt_publish') && drupalrt_publish($channel, $data);
  }

  public function notice(array $notice): void {}

}
