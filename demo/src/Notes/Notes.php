<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Notes;

use Drupal\drupalrt\Publish\PublisherInterface;
use Drupalrt\SampleSite\Account\Account;
use Drupalrt\SampleSite\Database\Connection;
use Drupalrt\SampleSite\Database\Counter;
use Drupalrt\SampleSite\NotFound;

/**
 * The live list: every change is announced on `notes:list` once it is committed.
 */
final class Notes {

  public const CHANNEL = 'notes:list';

  public const SHOWN = 50;

  private readonly Counter $counter;

  public function __construct(
    private readonly Connection $database,
    private readonly PublisherInterface $publisher,
  ) {
    $this->counter = new Counter($database, 'notes');
  }

  /**
   * The newest notes with the revision of the list they belong to.
   *
   * @return array{revision: int, notes: list<Note>}
   */
  public function snapshot(): array {
    return $this->database->transaction(fn (): array => [
      'revision' => $this->counter->current(),
      'notes' => array_map($this->note(...), $this->database->rows(self::select() . ' ORDER BY n.id DESC LIMIT ' . self::SHOWN)),
    ]);
  }

  public function load(int $id): ?Note {
    $row = $this->database->row(self::select() . ' WHERE n.id = ?', [$id]);
    return $row === NULL ? NULL : $this->note($row);
  }

  public function mayEdit(Account $account, Note $note): bool {
    return $account->may('edit any note content')
      || ($account->may('edit own note content') && $note->uid === $account->uid);
  }

  /**
   * @return array<string, mixed>
   *   The event that was announced.
   */
  public function insert(Account $by, string $title, string $body): array {
    return $this->change('insert', $by, fn (int $revision): Note => $this->saved($this->database->insert('demo_note', [
      'title' => trim($title),
      'body' => trim($body),
      'uid' => $by->uid,
      'created' => time(),
      'changed' => time(),
      'changed_by' => $by->uid,
      'revision' => $revision,
    ], 'id')));
  }

  /**
   * @return array<string, mixed>
   */
  public function update(Account $by, Note $note, string $title, string $body): array {
    return $this->change('update', $by, function (int $revision) use ($by, $note, $title, $body): Note {
      $this->database->query('UPDATE demo_note SET title = ?, body = ?, changed = ?, changed_by = ?, revision = ? WHERE id = ?', [
        trim($title), trim($body), time(), $by->uid, $revision, $note->id,
      ]);
      return $this->saved($note->id);
    });
  }

  /**
   * @return array<string, mixed>
   */
  public function delete(Account $by, Note $note): array {
    return $this->change('delete', $by, function () use ($note): Note {
      $this->database->query('DELETE FROM demo_note WHERE id = ?', [$note->id]);
      return $note;
    });
  }

  /**
   * One change, one revision, one event: all or none.
   *
   * @param callable(int): \Drupalrt\SampleSite\Notes\Note $work
   *   Takes the new revision, returns the note: as it is, or as it was.
   *
   * @return array<string, mixed>
   */
  private function change(string $op, Account $by, callable $work): array {
    return $this->database->transaction(function () use ($op, $by, $work): array {
      $revision = $this->counter->next();
      $note = $work($revision);
      $event = [
        'op' => $op,
        'revision' => $revision,
        'note' => $note,
        'by' => $by->name,
        'at' => time(),
      ];
      $this->publisher->publish(self::CHANNEL, $event);
      $this->publisher->publish('members:news', [
        'what' => 'note',
        'op' => $op,
        'title' => $note->title,
        'by' => $by->name,
        'at' => $event['at'],
      ]);
      return $event;
    });
  }

  /**
   * Someone else may have deleted it meanwhile; then nothing is saved.
   */
  private function saved(int $id): Note {
    return $this->load($id) ?? throw new NotFound('This note is gone.');
  }

  /**
   * @param array<string, string|null> $row
   */
  private function note(array $row): Note {
    return new Note(
      (int) $row['id'],
      (string) $row['title'],
      (string) $row['body'],
      (int) $row['uid'],
      $row['author'] ?? 'somebody gone',
      (int) $row['changed'],
      $row['changed_by_name'] ?? 'somebody gone',
      (int) $row['revision'],
    );
  }

  private static function select(): string {
    return 'SELECT n.id, n.title, n.body, n.uid, n.changed, n.revision, a.name AS author, c.name AS changed_by_name'
      . ' FROM demo_note n'
      . ' LEFT JOIN users_field_data a ON a.uid = n.uid AND a.default_langcode = 1'
      . ' LEFT JOIN users_field_data c ON c.uid = n.changed_by AND c.default_langcode = 1';
  }

}
