<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Symfony\Component\HttpFoundation\Response;

/**
 * What the broker is doing for this site, live; the broker itself publishes it.
 */
final class OperatorPage {

  public function __construct(private readonly Renderer $renderer) {}

  public function show(Visit $visit): Response {
    $visit->mustBeAllowed('administer users');
    return $this->renderer->page($visit, 'operator');
  }

}
