<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Rule;

/**
 * A namespace of channels: its name, its rules and its options.
 *
 * Options carry the broker's names, which are Centrifugo's where the meaning
 * is the same. Immutable, and valid once it exists.
 */
final class ChannelNamespace implements \JsonSerializable {

  /**
   * Namespaces the broker has of its own.
   */
  public const BUILT_IN = ['user', 'role', 'site'];

  /**
   * The keys that hold a rule.
   */
  public const RULES = ['subscribe', 'publish', 'presence_for', 'history_for'];

  /**
   * The other options, by the kind of their value.
   */
  public const OPTIONS = [
    'history_size' => 'count',
    'history_ttl' => 'duration',
    'history_meta_ttl' => 'duration',
    'presence' => 'boolean',
    'presence_grace' => 'duration',
    'join_leave' => 'boolean',
    'force_push_join_leave' => 'boolean',
    'allow_positioning' => 'boolean',
    'allow_recovery' => 'boolean',
    'force_positioning' => 'boolean',
    'force_recovery' => 'boolean',
    'force_recovery_mode' => ['stream', 'cache'],
    'allowed_delta_types' => 'delta types',
    'delta_publish' => 'boolean',
    'allow_tags_filter' => 'boolean',
    'auto_cache_recover' => 'boolean',
    'latest_only' => 'boolean',
    'publication_data_format' => ['', 'json', 'json_object'],
  ];

  /**
   * @param string $name
   *   What stands before the colon of its channels.
   * @param array<string, \Drupal\drupalrt\Rule\Rule> $rules
   *   By their key.
   * @param array<string, mixed> $options
   *   By their name.
   */
  private function __construct(
    public readonly string $name,
    public readonly array $rules,
    public readonly array $options,
  ) {}

  /**
   * Reads a namespace as a module's YAML has it.
   *
   * @param string $name
   *   Its name.
   * @param mixed $definition
   *   Its parsed rules and options; may be empty: PHP alone publishes and
   *   subscribes then.
   * @param string $where
   *   Its place, for messages.
   *
   * @throws \Drupal\drupalrt\Rule\InvalidDefinition
   */
  public static function fromDefinition(string $name, mixed $definition, string $where): self {
    if (preg_match('/^[-a-zA-Z0-9_.]{2,64}$/D', $name) !== 1) {
      throw InvalidDefinition::at($where, "\"$name\" is no namespace; expected 2 to 64 letters, digits, dots, dashes or underscores");
    }
    if (in_array($name, self::BUILT_IN, TRUE)) {
      throw InvalidDefinition::at($where, "the namespace \"$name\" is built in and cannot be declared");
    }
    if ($definition !== NULL && !is_array($definition)) {
      throw InvalidDefinition::at($where, 'expected a mapping of rules and options');
    }
    $rules = $options = [];
    foreach ($definition ?? [] as $key => $value) {
      if (in_array($key, self::RULES, TRUE)) {
        $rules[$key] = Rule::fromDefinition($value, "$where.$key");
      }
      elseif (isset(self::OPTIONS[$key])) {
        $options[$key] = self::option(self::OPTIONS[$key], $value, "$where.$key");
      }
      else {
        throw InvalidDefinition::at($where, Suggestion::unknownKey((string) $key, [...self::RULES, ...array_keys(self::OPTIONS)]));
      }
    }
    self::checkHistory($options, $where);
    self::checkLatestOnly($options, $where);
    return new self($name, $rules, $options);
  }

  /**
   * {@inheritdoc}
   *
   * @return array<string, mixed>
   *   As the site document has it.
   */
  public function jsonSerialize(): array {
    $rules = array_map(static fn (Rule $rule): string|array => $rule->jsonSerialize(), $this->rules);
    return ['name' => $this->name] + $rules + $this->options;
  }

  /**
   * @param array<string, mixed> $options
   *   Options, each right by itself.
   * @param string $where
   *   Their place, for messages.
   */
  private static function checkHistory(array $options, string $where): void {
    $size = ($options['history_size'] ?? 0) !== 0;
    if ($size !== isset($options['history_ttl'])) {
      throw InvalidDefinition::at($where, 'history needs both history_size and history_ttl');
    }
    foreach (['force_recovery', 'allow_recovery'] as $recovery) {
      if (!$size && ($options[$recovery] ?? FALSE) === TRUE) {
        throw InvalidDefinition::at("$where.$recovery", 'recovery needs history: give history_size and history_ttl');
      }
    }
  }

  /**
   * Who skips publications can neither follow a stream nor apply patches.
   *
   * @param array<string, mixed> $options
   *   Options, each right by itself.
   * @param string $where
   *   Their place, for messages.
   */
  private static function checkLatestOnly(array $options, string $where): void {
    if (($options['latest_only'] ?? FALSE) === FALSE) {
      return;
    }
    foreach (['allow_positioning', 'allow_recovery', 'force_positioning', 'force_recovery', 'allowed_delta_types'] as $other) {
      if (!in_array($options[$other] ?? FALSE, [FALSE, []], TRUE)) {
        throw InvalidDefinition::at("$where.latest_only", "skips publications, so it does not go with $other");
      }
    }
  }

  /**
   * @param string|list<string> $kind
   *   A kind of value, or the words that are allowed.
   */
  private static function option(string|array $kind, mixed $value, string $where): mixed {
    [$right, $expected] = match ($kind) {
      'boolean' => [is_bool($value), 'true or false'],
      'count' => [is_int($value) && $value >= 0, 'a whole number, 0 or more'],
      'duration' => [self::isDuration($value), 'a duration such as "300s" or "24h"'],
      'delta types' => [$value === [] || $value === ['fossil'], 'a list that may hold "fossil"'],
      default => [in_array($value, (array) $kind, TRUE), 'one of ' . implode(', ', array_map('json_encode', (array) $kind))],
    };
    if (!$right) {
      throw InvalidDefinition::at($where, 'expected ' . $expected . ', got ' . (is_scalar($value) ? json_encode($value) : get_debug_type($value)));
    }
    return $value;
  }

  private static function isDuration(mixed $value): bool {
    return is_string($value) && preg_match('/^(\d+(\.\d+)?(ms|s|m|h))+$/D', $value) === 1;
  }

}
