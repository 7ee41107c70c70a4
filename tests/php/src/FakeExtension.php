<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt;

/**
 * What the stand-ins for the extension's functions record and answer.
 */
final class FakeExtension {

  /**
   * The calls: a function's short name and its arguments.
   *
   * @var list<list<mixed>>
   */
  public static array $calls = [];

  public static bool $answer = TRUE;

  public static ?\Throwable $throws = NULL;

  /**
   * What drupalrt_call() and the functions about channels answer.
   *
   * @var array<string, mixed>
   */
  public static array $result = [];

  /**
   * What drupalrt_status() answers.
   *
   * @var array<string, mixed>
   */
  public static array $status = [];

  /**
   * Forgets everything.
   */
  public static function reset(): void {
    self::$calls = self::$result = self::$status = [];
    self::$answer = TRUE;
    self::$throws = NULL;
  }

  /**
   * Records a call, and throws where that was asked for.
   */
  public static function record(mixed ...$call): void {
    self::$calls[] = array_values($call);
    if (self::$throws !== NULL) {
      throw self::$throws;
    }
  }

}
