<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Database;

/**
 * A number that grows by one with each change of a list.
 *
 * Every event carries it, so that a page knows an event that it missed from one
 * that came late.
 */
final class Counter {

  public function __construct(
    private readonly Connection $database,
    private readonly string $name,
  ) {}

  public function current(): int {
    return $this->database->number('SELECT value FROM demo_counter WHERE name = ?', [$this->name]);
  }

  /**
   * To be called inside the transaction of the change itself.
   */
  public function next(): int {
    $this->database->query('UPDATE demo_counter SET value = value + 1 WHERE name = ?', [$this->name]);
    return $this->current();
  }

}
