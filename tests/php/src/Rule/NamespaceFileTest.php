<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Rule;

use Drupal\drupalrt\Rule\ChannelNamespace;
use Drupal\drupalrt\Rule\InvalidDefinition;
use Drupal\drupalrt\Rule\NamespaceFile;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class NamespaceFileTest extends TestCase {

  public function testReadsRulesAndOptions(): void {
    $namespaces = NamespaceFile::read(['namespaces' => [
      'chat' => [
        'subscribe' => 'logged-in',
        'publish' => ['permission' => 'post comments'],
        'history_size' => 100,
        'history_ttl' => '1h30m',
        'presence' => TRUE,
      ],
    ]
    ], 'chat.drupalrt.yml');

    self::assertSame(
      '[{"name":"chat","subscribe":"logged-in","publish":{"permission":"post comments"},"history_size":100,"history_ttl":"1h30m","presence":true}]',
      json_encode($namespaces),
    );
  }

  public function testEveryOptionOfTheBrokerIsKnown(): void {
    $options = [
      'history_size' => 10,
      'history_ttl' => '60s',
      'history_meta_ttl' => '24h',
      'presence' => TRUE,
      'presence_grace' => '5s',
      'join_leave' => TRUE,
      'force_push_join_leave' => TRUE,
      'allow_positioning' => TRUE,
      'allow_recovery' => TRUE,
      'force_positioning' => TRUE,
      'force_recovery' => TRUE,
      'force_recovery_mode' => 'cache',
      'allowed_delta_types' => ['fossil'],
      'delta_publish' => TRUE,
      'allow_tags_filter' => TRUE,
      'auto_cache_recover' => TRUE,
      'latest_only' => FALSE,
      'publication_data_format' => 'json',
    ];
    self::assertSame(array_keys(ChannelNamespace::OPTIONS), array_keys($options));
    [$namespace] = NamespaceFile::read(['namespaces' => ['chat' => $options]], 'a.drupalrt.yml');
    self::assertSame($options, $namespace->options);
  }

  public function testANamespaceMaySkipToTheLatest(): void {
    [$namespace] = NamespaceFile::read(['namespaces' => ['gauge' => ['latest_only' => TRUE, 'allowed_delta_types' => []]]], 'a.drupalrt.yml');
    self::assertSame(['latest_only' => TRUE, 'allowed_delta_types' => []], $namespace->options);
  }

  public function testANamespaceMaySayNothing(): void {
    self::assertSame('[{"name":"news"}]', json_encode(NamespaceFile::read(['namespaces' => ['news' => NULL]], 'a.drupalrt.yml')));
  }

  public function testAnEmptyFileDeclaresNothing(): void {
    self::assertSame([], NamespaceFile::read(NULL, 'a.drupalrt.yml'));
    self::assertSame([], NamespaceFile::read(['namespaces' => []], 'a.drupalrt.yml'));
  }

  public function testSeveralFilesMakeOneSortedList(): void {
    $namespaces = NamespaceFile::readAll([
      'b.drupalrt.yml' => ['namespaces' => ['zoo' => NULL, 'chat' => NULL]],
      'a.drupalrt.yml' => ['namespaces' => ['news' => NULL]],
    ]);
    self::assertSame(['chat', 'news', 'zoo'], array_column($namespaces, 'name'));
  }

  public function testANameThatTwoFilesDeclareNamesBoth(): void {
    $this->expectException(InvalidDefinition::class);
    $this->expectExceptionMessage('b.drupalrt.yml: namespaces.chat: a.drupalrt.yml declares it already');
    NamespaceFile::readAll([
      'a.drupalrt.yml' => ['namespaces' => ['chat' => NULL]],
      'b.drupalrt.yml' => ['namespaces' => ['chat' => NULL]],
    ]);
  }

  /**
   * @return iterable<string, array{mixed, string}>
   *   A file's content, and what the message says of it.
   */
  public static function mistakes(): iterable {
    $chat = static fn (mixed $definition): array => ['namespaces' => ['chat' => $definition]];
    yield 'a scalar' => ['chat', 'a.drupalrt.yml: expected a mapping'];
    yield 'a wrong key' => [['namespace' => []], 'did you mean "namespaces"?'];
    yield 'a list' => [['namespaces' => ['chat']], 'a.drupalrt.yml: namespaces: expected a mapping'];
    yield 'a wrong name' => [['namespaces' => ['a:b' => NULL]], '"a:b" is no namespace'];
    yield 'a short name' => [['namespaces' => ['a' => NULL]], '"a" is no namespace'];
    yield 'a built-in name' => [['namespaces' => ['user' => NULL]], 'built in'];
    yield 'a scalar definition' => [$chat(TRUE), 'namespaces.chat: expected a mapping'];
    yield 'an unknown option' => [$chat(['histroy_size' => 1]), 'did you mean "history_size"?'];
    yield 'an option far from any' => [$chat(['zzzzzz' => 1]), 'known are subscribe'];
    yield 'a wrong rule' => [$chat(['publish' => 'all']), 'a.drupalrt.yml: namespaces.chat.publish: a rule is one of'];
    yield 'a count below 0' => [$chat(['history_size' => -1]), 'namespaces.chat.history_size: expected a whole number'];
    yield 'a duration without a unit' => [$chat(['history_ttl' => 300]), 'expected a duration such as "300s" or "24h", got 300'];
    yield 'a flag in words' => [$chat(['presence' => 'yes']), 'expected true or false, got "yes"'];
    yield 'a wrong mode' => [$chat(['force_recovery_mode' => 'x']), 'expected one of "stream", "cache"'];
    yield 'a wrong delta type' => [$chat(['allowed_delta_types' => ['x']]), 'expected a list that may hold "fossil"'];
    yield 'a grace without a unit' => [$chat(['presence_grace' => 5]), 'namespaces.chat.presence_grace: expected a duration'];
    yield 'skipping with deltas' => [$chat(['latest_only' => TRUE, 'allowed_delta_types' => ['fossil']]), 'namespaces.chat.latest_only: skips publications, so it does not go with allowed_delta_types'];
    yield 'skipping with positions' => [$chat(['latest_only' => TRUE, 'force_positioning' => TRUE]), 'does not go with force_positioning'];
    yield 'half a history' => [$chat(['history_size' => 10]), 'history needs both'];
    yield 'recovery without history' => [$chat(['force_recovery' => TRUE]), 'recovery needs history'];
  }

  #[DataProvider('mistakes')]
  public function testAMistakeNamesFileAndKey(mixed $content, string $message): void {
    $this->expectException(InvalidDefinition::class);
    $this->expectExceptionMessage($message);
    NamespaceFile::read($content, 'a.drupalrt.yml');
  }

}
