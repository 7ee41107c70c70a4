<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Symfony\Component\HttpFoundation\Response;

/**
 * What the site shows, and the members' news.
 */
final class HomePage {

  public function __construct(private readonly Renderer $renderer) {}

  public function show(Visit $visit): Response {
    return $this->renderer->page($visit, 'home');
  }

}
