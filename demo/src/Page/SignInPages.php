<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Drupal\drupalrt\Site\Notice;
use Drupalrt\SampleSite\Account\Accounts;
use Drupalrt\SampleSite\Realtime\Site;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Response;

/**
 * In and out.
 */
final class SignInPages {

  public function __construct(
    private readonly Renderer $renderer,
    private readonly Accounts $accounts,
    private readonly Site $site,
  ) {}

  public function form(Visit $visit): Response {
    return $visit->account->isLoggedIn()
      ? new RedirectResponse('/', 303)
      : $this->renderer->page($visit, 'login', ['error' => '', 'name' => '']);
  }

  public function signIn(Visit $visit): Response {
    $uid = $this->accounts->authenticate($visit->field('name'), $visit->field('password'));
    if ($uid === 0) {
      return $this->renderer->page($visit, 'login', [
        'error' => 'That name and password sign nobody in.',
        'name' => $visit->field('name'),
      ], 403);
    }
    $visit->session->signIn($uid);
    $this->accounts->noteLogin($uid);
    return new RedirectResponse('/', 303);
  }

  public function signOut(Visit $visit): Response {
    $hash = $visit->session->signOut();
    if ($hash !== '') {
      $this->site->notify(new Notice(sessions: [$hash]));
    }
    return new RedirectResponse('/', 303);
  }

}
