<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Rule;

use Drupal\drupalrt\Rule\InvalidDefinition;
use Drupal\drupalrt\Rule\Rule;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

final class RuleTest extends TestCase {

  public function testWhatIsReadIsWhatIsWritten(): void {
    $definition = ['any' => ['owner', ['all' => [['role' => 'editor'], ['permission' => 'edit any "x"']]]]];
    $rule = Rule::fromDefinition($definition, 'here');
    self::assertSame(json_encode($definition), json_encode($rule));
  }

  public function testCodeCanMakeTheSameRules(): void {
    $rule = Rule::any(
      Rule::everyone(), Rule::loggedIn(), Rule::owner(), Rule::server(), Rule::token(),
      Rule::all(Rule::role('editor'), Rule::permission('access content')),
    );
    self::assertSame(
      '{"any":["everyone","logged-in","owner","server","token",{"all":[{"role":"editor"},{"permission":"access content"}]}]}',
      json_encode($rule),
    );
  }

  /**
   * @return iterable<string, array{mixed, string}>
   *   A definition that is wrong, and what the message says of it.
   */
  public static function mistakes(): iterable {
    yield 'a word that is none' => ['logged_in', 'here: a rule is one of everyone'];
    yield 'nothing' => [NULL, 'here: a rule is one of'];
    yield 'a number' => [7, 'got 7'];
    yield 'a list' => [['everyone', 'owner'], 'exactly one of the keys'];
    yield 'two keys' => [['role' => 'a', 'permission' => 'b'], 'exactly one of the keys'];
    yield 'a wrong key' => [['permision' => 'a'], 'did you mean "permission"?'];
    yield 'a name that is none' => [['role' => ''], 'here.role: expected a name'];
    yield 'no parts' => [['any' => []], 'here.any: expected a list'];
    yield 'a mistake deep inside' => [['any' => ['owner', ['all' => ['x']]]], 'here.any.1.all.0: a rule is one of'];
  }

  #[DataProvider('mistakes')]
  public function testAMistakeIsToldWithItsPlace(mixed $definition, string $message): void {
    $this->expectException(InvalidDefinition::class);
    $this->expectExceptionMessage($message);
    Rule::fromDefinition($definition, 'here');
  }

  public function testRulesNestNotWithoutEnd(): void {
    $definition = 'owner';
    for ($i = 0; $i < 20; $i++) {
      $definition = ['any' => [$definition]];
    }
    $this->expectException(InvalidDefinition::class);
    $this->expectExceptionMessage('nested too deeply');
    Rule::fromDefinition($definition, 'here');
  }

}
