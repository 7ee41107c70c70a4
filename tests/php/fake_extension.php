<?php

/**
 * @file
 * Functions of the extension's names, so that no broker is needed here.
 */

declare(strict_types=1);

use Drupal\Tests\drupalrt\FakeExtension;

function drupalrt_publish(string $channel, mixed $data, array $options = []): bool {
  FakeExtension::record('publish', $channel, $data, $options);
  return FakeExtension::$answer;
}

function drupalrt_broadcast(array $channels, mixed $data, array $options = []): bool {
  FakeExtension::record('broadcast', $channels, $data, $options);
  return FakeExtension::$answer;
}

function drupalrt_site(string $key, string $secret = ''): void {
  FakeExtension::record('site', $key, $secret);
}

function drupalrt_call(string $method, array $params = []): array {
  FakeExtension::record('call', $method, $params);
  return FakeExtension::$result;
}

function drupalrt_status(): array {
  FakeExtension::record('status');
  return FakeExtension::$status;
}
