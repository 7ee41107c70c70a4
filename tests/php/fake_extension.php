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

function drupalrt_presence(string $channel, array $options = []): array {
  FakeExtension::record('presence', $channel, $options);
  return FakeExtension::$result;
}

function drupalrt_presence_stats(string $channel, array $options = []): array {
  FakeExtension::record('presence_stats', $channel, $options);
  return FakeExtension::$result;
}

function drupalrt_history(string $channel, array $options = []): array {
  FakeExtension::record('history', $channel, $options);
  return FakeExtension::$result;
}

function drupalrt_channels(string $pattern = '', array $options = []): array {
  FakeExtension::record('channels', $pattern, $options);
  return FakeExtension::$result;
}

function drupalrt_subscribe(string|int $user, string $channel, array $options = []): void {
  FakeExtension::record('subscribe', $user, $channel, $options);
}

function drupalrt_unsubscribe(string|int $user, string $channel, array $options = []): void {
  FakeExtension::record('unsubscribe', $user, $channel, $options);
}

function drupalrt_disconnect(string|int $user, array $options = []): void {
  FakeExtension::record('disconnect', $user, $options);
}

function drupalrt_token(string|int $user, array $options = []): string {
  FakeExtension::record('token', $user, $options);
  return 'a.b.c';
}
