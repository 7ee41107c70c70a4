<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Rule;

/**
 * Who may do a thing in a namespace's channels.
 *
 * Only carries the rule to the broker, in the site document's own words; the
 * broker enforces it, and no PHP runs for that.
 */
final class Rule implements \JsonSerializable {

  /**
   * The rules that are a word.
   */
  public const WORDS = ['everyone', 'logged-in', 'owner', 'server', 'token'];

  /**
   * How deep rules may nest; far beyond what anyone could still read.
   */
  private const MAX_DEPTH = 8;

  /**
   * @param string|array<string, mixed> $definition
   *   As the site document has it.
   */
  private function __construct(private readonly string|array $definition) {}

  /**
   * Everyone, anonymous visitors too.
   */
  public static function everyone(): self {
    return new self('everyone');
  }

  /**
   * Whoever is logged in.
   */
  public static function loggedIn(): self {
    return new self('logged-in');
  }

  /**
   * The user whose id is the rest of the channel's name.
   */
  public static function owner(): self {
    return new self('owner');
  }

  /**
   * PHP alone.
   */
  public static function server(): self {
    return new self('server');
  }

  /**
   * Whoever holds a token that PHP signed for the channel.
   */
  public static function token(): self {
    return new self('token');
  }

  /**
   * Users with a permission.
   */
  public static function permission(string $permission): self {
    return new self(['permission' => $permission]);
  }

  /**
   * Users with a role.
   */
  public static function role(string $id): self {
    return new self(['role' => $id]);
  }

  /**
   * Whoever one of the rules lets through.
   */
  public static function any(self $first, self ...$more): self {
    return new self(['any' => [$first, ...array_values($more)]]);
  }

  /**
   * Whoever all of the rules let through.
   */
  public static function all(self $first, self ...$more): self {
    return new self(['all' => [$first, ...array_values($more)]]);
  }

  /**
   * Reads a rule as a module's YAML or a document has it.
   *
   * @param mixed $definition
   *   The parsed value.
   * @param string $where
   *   Its place, for messages.
   *
   * @throws \Drupal\drupalrt\Rule\InvalidDefinition
   */
  public static function fromDefinition(mixed $definition, string $where): self {
    return self::read($definition, $where, 0);
  }

  /**
   * {@inheritdoc}
   *
   * @return string|array<string, mixed>
   *   As the site document has it.
   */
  public function jsonSerialize(): string|array {
    return $this->definition;
  }

  private static function read(mixed $definition, string $where, int $depth): self {
    if (is_string($definition) && in_array($definition, self::WORDS, TRUE)) {
      return new self($definition);
    }
    if (!is_array($definition) || count($definition) !== 1) {
      throw InvalidDefinition::at($where, sprintf(
        'a rule is one of %s, or a mapping with exactly one of the keys permission, role, any, all; got %s',
        implode(', ', self::WORDS),
        is_scalar($definition) ? json_encode($definition) : get_debug_type($definition),
      ));
    }
    $key = array_key_first($definition);
    $value = $definition[$key];
    return match ($key) {
      'permission', 'role' => new self([$key => self::name($value, "$where.$key")]),
      'any', 'all' => new self([$key => self::parts($value, "$where.$key", $depth)]),
      default => throw InvalidDefinition::at($where, Suggestion::unknownKey((string) $key, ['permission', 'role', 'any', 'all'])),
    };
  }

  private static function name(mixed $value, string $where): string {
    if (!is_string($value) || $value === '') {
      throw InvalidDefinition::at($where, 'expected a name');
    }
    return $value;
  }

  /**
   * @return list<self>
   *   The parts of "any" or "all".
   */
  private static function parts(mixed $value, string $where, int $depth): array {
    if (!is_array($value) || $value === [] || !array_is_list($value)) {
      throw InvalidDefinition::at($where, 'expected a list of one rule or more');
    }
    if ($depth >= self::MAX_DEPTH) {
      throw InvalidDefinition::at($where, 'rules are nested too deeply');
    }
    $parts = [];
    foreach ($value as $index => $part) {
      $parts[] = self::read($part, "$where.$index", $depth + 1);
    }
    return $parts;
  }

}
