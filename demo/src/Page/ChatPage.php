<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Symfony\Component\HttpFoundation\Response;

/**
 * The chat room. PHP renders the empty room; what is said there never passes it.
 */
final class ChatPage {

  public function __construct(private readonly Renderer $renderer) {}

  public function show(Visit $visit): Response {
    return $this->renderer->page($visit, 'chat');
  }

}
