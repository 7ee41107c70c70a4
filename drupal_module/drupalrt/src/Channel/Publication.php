<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Channel;

/**
 * An event that a channel remembers.
 */
final class Publication {

  /**
   * @param mixed $data
   *   What was published; objects are arrays.
   * @param int $offset
   *   Its place.
   * @param array<string> $tags
   *   Its tags, by name.
   * @param \Drupal\drupalrt\Channel\Client|null $publisher
   *   The browser that published it; NULL: the site did.
   */
  public function __construct(
    public readonly mixed $data,
    public readonly int $offset,
    public readonly array $tags = [],
    public readonly ?Client $publisher = NULL,
  ) {}

  /**
   * Reads the extension's answer.
   *
   * @param array{data: mixed, offset: int, tags?: array<string, string>, info?: array{user?: string, client?: string, conn_info?: mixed, chan_info?: mixed}} $answer
   *   As drupalrt_history() has it.
   */
  public static function fromAnswer(array $answer): self {
    $publisher = isset($answer['info']) ? Client::fromAnswer($answer['info']) : NULL;
    return new self($answer['data'], $answer['offset'], $answer['tags'] ?? [], $publisher);
  }

}
