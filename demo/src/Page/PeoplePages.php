<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Page;

use Drupal\drupalrt\Site\Notice;
use Drupalrt\SampleSite\Account\Accounts;
use Drupalrt\SampleSite\Account\Roles;
use Drupalrt\SampleSite\NotFound;
use Drupalrt\SampleSite\Realtime\Site;
use Drupalrt\SampleSite\Session\SessionStore;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Response;

/**
 * Where an administrator gives roles, blocks, and signs people out; open pages
 * of the person know it at once.
 */
final class PeoplePages {

  public function __construct(
    private readonly Renderer $renderer,
    private readonly Accounts $accounts,
    private readonly Roles $roles,
    private readonly SessionStore $sessions,
    private readonly Site $site,
  ) {}

  public function show(Visit $visit): Response {
    $visit->mustBeAllowed('administer users');
    $assignable = array_diff_key($this->roles->all(), ['anonymous' => 0, 'authenticated' => 0]);
    return $this->renderer->page($visit, 'people', [
      'people' => $this->accounts->people(),
      'roles' => $assignable,
    ]);
  }

  public function save(Visit $visit): Response {
    $visit->mustBeAllowed('administer users');
    $uid = $this->person($visit);
    $posted = $visit->request->request->all()['roles'] ?? [];
    $known = array_keys(array_diff_key($this->roles->all(), ['anonymous' => 0, 'authenticated' => 0]));
    $this->accounts->setRoles($uid, array_values(array_intersect($known, is_array($posted) ? $posted : [])));
    // Nobody locks out the one account that can undo it.
    $active = $uid === 1 || $visit->field('active') === '1';
    $this->accounts->setActive($uid, $active);
    $ended = $active ? [] : $this->sessions->destroyAllOf($uid);
    $this->site->notify(new Notice($ended, [$uid]));
    return new RedirectResponse('/people', 303);
  }

  public function signOut(Visit $visit): Response {
    $visit->mustBeAllowed('administer users');
    $this->site->notify(new Notice($this->sessions->destroyAllOf($this->person($visit))));
    return new RedirectResponse('/people', 303);
  }

  private function person(Visit $visit): int {
    $uid = (int) $visit->params['uid'];
    if (!array_key_exists($uid, $this->accounts->names())) {
      throw new NotFound('There is no such account.');
    }
    return $uid;
  }

}
