<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Drupalrt\SampleSite\Line\Line;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Response;

/**
 * The waiting line, for those who wait and those who serve.
 */
final class LinePages {

  public function __construct(
    private readonly Renderer $renderer,
    private readonly Line $line,
  ) {}

  public function show(Visit $visit): Response {
    return $this->renderer->page($visit, 'line', $this->state($visit));
  }

  public function data(Visit $visit): Response {
    return new JsonResponse($this->state($visit), 200, ['Cache-Control' => 'private, no-store']);
  }

  public function join(Visit $visit): Response {
    $visit->mustBeAllowed('join waiting line');
    $this->line->join($visit->account);
    return $this->done($visit);
  }

  public function leave(Visit $visit): Response {
    $visit->mustBeAllowed('join waiting line');
    $this->line->leave($visit->account);
    return $this->done($visit);
  }

  public function next(Visit $visit): Response {
    $visit->mustBeAllowed('serve waiting line');
    $this->line->callNext($visit->account);
    return $this->done($visit);
  }

  /**
   * What this visitor may know of the line.
   *
   * @return array<string, mixed>
   */
  private function state(Visit $visit): array {
    return [
      'board' => $this->line->board(),
      'ticket' => $visit->account->isLoggedIn() ? $this->line->of($visit->account->uid) : NULL,
      'line' => $visit->account->may('serve waiting line') ? $this->line->line() : [],
    ];
  }

  private function done(Visit $visit): Response {
    return $visit->wantsJson() ? $this->data($visit) : new RedirectResponse('/line', 303);
  }

}
