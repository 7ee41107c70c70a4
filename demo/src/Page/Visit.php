<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Drupalrt\SampleSite\Account\Account;
use Drupalrt\SampleSite\Session\Session;
use Symfony\Component\HttpFoundation\Request;

/**
 * One request for one page: who asks, and what for.
 */
final class Visit {

  /**
   * @param array<string, string> $params
   *   What the route took from the path.
   */
  public function __construct(
    public readonly Request $request,
    public readonly Session $session,
    public readonly Account $account,
    public readonly array $params = [],
  ) {}

  /**
   * A field of the posted form.
   */
  public function field(string $name): string {
    $value = $this->request->request->all()[$name] ?? '';
    return is_string($value) ? $value : '';
  }

  /**
   * Whether the page's own script asks, which wants data and no new page.
   */
  public function wantsJson(): bool {
    return $this->request->headers->get('Accept') === 'application/json';
  }

  /**
   * @throws \Drupalrt\SampleSite\Page\Refused
   */
  public function mustBeAllowed(string $permission): void {
    if (!$this->account->may($permission)) {
      throw new Refused($this->account->isLoggedIn()
        ? 'Your account may not do this.'
        : 'Sign in to do this.');
    }
  }

}
