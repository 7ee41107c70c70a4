<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Link;

/**
 * Records calls and answers what it was told to: for tests.
 */
final class RecordingLink implements Link {

  /**
   * What was called, in order: method and parameters.
   *
   * @var list<array{string, array<string, mixed>}>
   */
  public array $calls = [];

  /**
   * @param \Closure(string, array<string, mixed>): array<string, mixed> $answer
   *   Answers a call, or throws a LinkError.
   * @param \Drupal\drupalrt\Link\LinkStatus $status
   *   How the line is.
   */
  public function __construct(
    private readonly \Closure $answer,
    private readonly LinkStatus $status = new LinkStatus(LinkStatus::CONNECTED),
  ) {}

  /**
   * {@inheritdoc}
   */
  public function call(string $method, array $params = []): array {
    $this->calls[] = [$method, $params];
    return ($this->answer)($method, $params);
  }

  /**
   * {@inheritdoc}
   */
  public function status(): LinkStatus {
    return $this->status;
  }

}
