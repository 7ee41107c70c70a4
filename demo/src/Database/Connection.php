<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Database;

/**
 * The site's database, with what a live page needs: knowing when a commit is done.
 *
 * SQLite by default; a MariaDB or PostgreSQL DSN is taken as it is.
 */
final class Connection {

  public readonly string $driver;

  private readonly \PDO $pdo;

  private bool $open = FALSE;

  /**
   * Called with TRUE once a transaction is committed, FALSE when rolled back.
   *
   * @var list<callable(bool): void>
   */
  private array $listeners = [];

  public function __construct(string $dsn, ?string $user = NULL, ?string $password = NULL) {
    $this->pdo = new \PDO($dsn, $user, $password, [
      \PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION,
      \PDO::ATTR_DEFAULT_FETCH_MODE => \PDO::FETCH_ASSOC,
      // As Drupal fetches: a uid is a string, in the session blob too.
      \PDO::ATTR_STRINGIFY_FETCHES => TRUE,
    ]);
    $this->driver = (string) $this->pdo->getAttribute(\PDO::ATTR_DRIVER_NAME);
    if ($this->driver === 'sqlite') {
      $this->pdo->sqliteCreateCollation('NOCASE_UTF8', static fn (string $a, string $b): int => strcmp(mb_strtolower($a), mb_strtolower($b)));
      // The broker reads while PHP writes; neither shall wait for the other.
      $this->pdo->exec('PRAGMA busy_timeout = 5000');
      $this->pdo->exec('PRAGMA journal_mode = WAL');
      $this->pdo->exec('PRAGMA synchronous = NORMAL');
    }
    elseif ($this->driver === 'mysql') {
      // Drupal's user 0 is a row like any other.
      $this->pdo->exec("SET NAMES utf8mb4, SESSION sql_mode = 'TRADITIONAL,NO_AUTO_VALUE_ON_ZERO'");
    }
  }

  /**
   * @param array<int|string, scalar|null> $args
   */
  public function query(string $sql, array $args = []): \PDOStatement {
    $statement = $this->pdo->prepare($sql);
    $statement->execute($args);
    return $statement;
  }

  /**
   * @param array<int|string, scalar|null> $args
   *
   * @return list<array<string, string|null>>
   */
  public function rows(string $sql, array $args = []): array {
    return array_values($this->query($sql, $args)->fetchAll());
  }

  /**
   * @param array<int|string, scalar|null> $args
   *
   * @return array<string, string|null>|null
   */
  public function row(string $sql, array $args = []): ?array {
    return $this->query($sql, $args)->fetch() ?: NULL;
  }

  /**
   * @param array<int|string, scalar|null> $args
   */
  public function number(string $sql, array $args = []): int {
    return (int) $this->query($sql, $args)->fetchColumn();
  }

  /**
   * @param array<string, scalar|null> $values
   * @param string $serial
   *   The serial column whose new number is wanted.
   *
   * @return int
   *   That number, or 0 where none was asked for.
   */
  public function insert(string $table, array $values, string $serial = ''): int {
    $columns = implode(', ', array_keys($values));
    $marks = implode(', ', array_fill(0, count($values), '?'));
    // A failed lastInsertId() would spoil PostgreSQL's transaction.
    $returning = $serial !== '' && $this->driver === 'pgsql' ? " RETURNING $serial" : '';
    $statement = $this->query("INSERT INTO $table ($columns) VALUES ($marks)$returning", array_values($values));
    if ($serial === '') {
      return 0;
    }
    return (int) ($returning !== '' ? $statement->fetchColumn() : $this->pdo->lastInsertId());
  }

  public function exec(string $sql): void {
    $this->pdo->exec($sql);
  }

  /**
   * Binds a value as bytes; PostgreSQL's bytea takes them no other way.
   *
   * @param list<scalar|null> $args
   */
  public function queryWithBytes(string $sql, array $args, int $bytesAt): void {
    $statement = $this->pdo->prepare($sql);
    foreach ($args as $i => $value) {
      $type = is_int($value) ? \PDO::PARAM_INT : \PDO::PARAM_STR;
      if ($i === $bytesAt && $this->driver === 'pgsql') {
        $type = \PDO::PARAM_LOB;
      }
      $statement->bindValue($i + 1, $value, $type);
    }
    $statement->execute();
  }

  /**
   * @param callable(bool): void $listener
   */
  public function afterTransaction(callable $listener): void {
    $this->listeners[] = $listener;
  }

  /**
   * Runs the work in a transaction; a nested call joins the outer one.
   *
   * @template T
   *
   * @param callable(): T $work
   *
   * @return T
   */
  public function transaction(callable $work): mixed {
    if ($this->open) {
      return $work();
    }
    // Taking SQLite's write lock at once spares the deadlock of two readers
    // who both want to write.
    $this->pdo->exec($this->driver === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    $this->open = TRUE;
    $done = FALSE;
    try {
      $result = $work();
      $this->pdo->exec('COMMIT');
      $done = TRUE;
      return $result;
    }
    finally {
      $this->open = FALSE;
      if (!$done) {
        $this->pdo->exec('ROLLBACK');
      }
      foreach ($this->listeners as $listener) {
        $listener($done);
      }
    }
  }

  public function inTransaction(): bool {
    return $this->open;
  }

  /**
   * Locks the rows a SELECT finds, where the database has such a thing.
   */
  public function forUpdate(): string {
    return $this->driver === 'sqlite' ? '' : ' FOR UPDATE';
  }

}
