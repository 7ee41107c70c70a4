<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Line;

use Drupal\drupalrt\Publish\PublisherInterface;
use Drupalrt\SampleSite\Account\Account;
use Drupalrt\SampleSite\Database\Connection;
use Drupalrt\SampleSite\Database\Counter;

/**
 * The waiting line. PHP decides in a transaction; what was decided is told on
 *
 * - `queue:desk`, to everyone who is logged in: how many wait, who was called;
 * - `user:UID`, to each person: the own place;
 * - `desk:line`, to whoever may serve: the line with its names.
 */
final class Line {

  private readonly Counter $counter;

  public function __construct(
    private readonly Connection $database,
    private readonly PublisherInterface $publisher,
  ) {
    $this->counter = new Counter($database, 'line');
  }

  /**
   * Joins the end of the line; whoever waits already keeps the place.
   */
  public function join(Account $account): void {
    $this->database->transaction(function () use ($account): void {
      $this->lock();
      if ($this->waiting($account->uid) !== NULL) {
        return;
      }
      // A call that was answered is over once the person lines up again.
      $this->database->query("UPDATE demo_ticket SET state = 'served' WHERE uid = ? AND state = 'called'", [$account->uid]);
      $this->database->insert('demo_ticket', ['uid' => $account->uid, 'state' => 'waiting', 'created' => time()]);
      $this->tell([$account->uid]);
    });
  }

  public function leave(Account $account): void {
    $this->database->transaction(function () use ($account): void {
      $this->lock();
      $behind = $this->uidsFrom($account->uid);
      $this->database->query("UPDATE demo_ticket SET state = 'left' WHERE uid = ? AND state IN ('waiting', 'called')", [$account->uid]);
      $this->tell([$account->uid, ...$behind]);
    });
  }

  /**
   * Calls the next in line; two agents at once get two different people.
   *
   * @return \Drupalrt\SampleSite\Line\Ticket|null
   *   The one called, or NULL when nobody waits.
   */
  public function callNext(Account $agent): ?Ticket {
    return $this->database->transaction(function () use ($agent): ?Ticket {
      $this->lock();
      $served = $this->database->rows("SELECT uid FROM demo_ticket WHERE state = 'called' AND called_by = ?", [$agent->uid]);
      $this->database->query("UPDATE demo_ticket SET state = 'served' WHERE state = 'called' AND called_by = ?", [$agent->uid]);
      $changed = array_map('intval', array_column($served, 'uid'));
      $next = $this->line()[0] ?? NULL;
      if ($next !== NULL) {
        $changed = [...$changed, ...$this->uidsFrom($next->uid)];
        $this->database->query("UPDATE demo_ticket SET state = 'called', called = ?, called_by = ? WHERE id = ?", [time(), $agent->uid, $next->number]);
      }
      if ($changed !== []) {
        $this->tell($changed);
      }
      return $next === NULL ? NULL : $this->of($next->uid);
    });
  }

  /**
   * Sends everybody home: at closing time, and before a test.
   */
  public function clear(): void {
    $this->database->transaction(function (): void {
      $this->lock();
      $rows = $this->database->rows("SELECT DISTINCT uid FROM demo_ticket WHERE state IN ('waiting', 'called')");
      $this->database->query("UPDATE demo_ticket SET state = 'left' WHERE state IN ('waiting', 'called')");
      $this->tell(array_map('intval', array_column($rows, 'uid')));
    });
  }

  /**
   * The person's ticket: waiting, or just called; NULL for neither.
   */
  public function of(int $uid): ?Ticket {
    $waiting = $this->waiting($uid);
    if ($waiting !== NULL) {
      return $waiting;
    }
    $row = $this->database->row("SELECT t.id, t.uid, t.created, u.name, a.name AS agent FROM demo_ticket t JOIN users_field_data u ON u.uid = t.uid AND u.default_langcode = 1 LEFT JOIN users_field_data a ON a.uid = t.called_by AND a.default_langcode = 1 WHERE t.uid = ? AND t.state = 'called' ORDER BY t.id DESC", [$uid]);
    return $row === NULL ? NULL : new Ticket((int) $row['id'], $uid, (string) $row['name'], 'called', 0, (int) $row['created'], (string) $row['agent']);
  }

  /**
   * @return list<Ticket>
   *   Who waits, the next first.
   */
  public function line(): array {
    $rows = $this->database->rows("SELECT t.id, t.uid, t.created, u.name FROM demo_ticket t JOIN users_field_data u ON u.uid = t.uid AND u.default_langcode = 1 WHERE t.state = 'waiting' ORDER BY t.id");
    $line = [];
    foreach ($rows as $i => $row) {
      $line[] = new Ticket((int) $row['id'], (int) $row['uid'], (string) $row['name'], 'waiting', $i + 1, (int) $row['created']);
    }
    return $line;
  }

  /**
   * What everyone may know.
   *
   * @return array{waiting: int, serving: int, revision: int}
   */
  public function board(): array {
    return [
      'waiting' => $this->database->number("SELECT COUNT(*) FROM demo_ticket WHERE state = 'waiting'"),
      'serving' => $this->database->number("SELECT COALESCE(MAX(id), 0) FROM demo_ticket WHERE called > 0"),
      'revision' => $this->counter->current(),
    ];
  }

  private function waiting(int $uid): ?Ticket {
    foreach ($this->line() as $ticket) {
      if ($ticket->uid === $uid) {
        return $ticket;
      }
    }
    return NULL;
  }

  /**
   * That person and everyone behind: those whose place changes with theirs.
   *
   * @return list<int>
   */
  private function uidsFrom(int $uid): array {
    $uids = array_map(static fn (Ticket $ticket): int => $ticket->uid, $this->line());
    $at = array_search($uid, $uids, TRUE);
    return $at === FALSE ? [] : array_slice($uids, $at);
  }

  /**
   * Has two who decide about the line do so one after the other.
   */
  private function lock(): void {
    $this->database->query("SELECT value FROM demo_counter WHERE name = 'line'" . $this->database->forUpdate());
  }

  /**
   * @param list<int> $uids
   *   Whose place changed.
   */
  private function tell(array $uids): void {
    $revision = $this->counter->next();
    $line = $this->line();
    $this->publisher->publish('queue:desk', $this->board());
    $this->publisher->publish('desk:line', ['revision' => $revision, 'line' => $line]);
    foreach (array_unique($uids) as $uid) {
      $this->publisher->publish("user:$uid", [
        'what' => 'line',
        'revision' => $revision,
        'ticket' => $this->of($uid),
      ]);
    }
  }

}
