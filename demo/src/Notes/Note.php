<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Notes;

/**
 * One note of the list, as pages and events carry it.
 */
final class Note implements \JsonSerializable {

  public const TITLE_MAX = 120;

  public const BODY_MAX = 2000;

  public function __construct(
    public readonly int $id,
    public readonly string $title,
    public readonly string $body,
    public readonly int $uid,
    public readonly string $author,
    public readonly int $changed,
    public readonly string $changedBy,
    public readonly int $revision,
  ) {}

  /**
   * What is wrong with a title and a body; the empty string when nothing is.
   */
  public static function objection(string $title, string $body): string {
    return match (TRUE) {
      !mb_check_encoding($title, 'UTF-8') || !mb_check_encoding($body, 'UTF-8') => 'The text is not UTF-8.',
      trim($title) === '' => 'A note needs a title.',
      mb_strlen($title) > self::TITLE_MAX => 'The title is longer than ' . self::TITLE_MAX . ' letters.',
      mb_strlen($body) > self::BODY_MAX => 'The note is longer than ' . self::BODY_MAX . ' letters.',
      default => '',
    };
  }

  /**
   * @return array<string, int|string>
   */
  public function jsonSerialize(): array {
    return [
      'id' => $this->id,
      'title' => $this->title,
      'body' => $this->body,
      'uid' => $this->uid,
      'author' => $this->author,
      'changed' => $this->changed,
      'changed_by' => $this->changedBy,
      'revision' => $this->revision,
    ];
  }

}
