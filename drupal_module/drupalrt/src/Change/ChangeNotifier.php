<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Change;

use Drupal\Core\Cache\CacheTagsInvalidatorInterface;
use Drupal\Core\DestructableInterface;
use Drupal\drupalrt\Introduction\WebFacts;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Site\Notice;

/**
 * Tells the broker what it has to look at again, within the same request.
 *
 * Cache tags are the one feed that sees every change, from forms, services and
 * command lines alike: `user:UID` for accounts and their roles,
 * `config:user.role.ID` for what roles grant, and the list's for new ones. They
 * come before the commit, so accounts wait for it, and everything else for the
 * request's end, as does one's own account.
 */
final class ChangeNotifier implements CacheTagsInvalidatorInterface, DestructableInterface {

  private Notice $atEnd;

  private Notice $afterCommit;

  private bool $siteChanged = FALSE;

  private bool $waitingForCommit = FALSE;

  private bool $waitingForEnd = FALSE;

  /**
   * @param \Closure(): \Drupal\drupalrt\Introduction\Introducer $introducer
   *   Introduces the site anew.
   * @param \Closure(): \Drupal\drupalrt\Site\SiteRegistry $registry
   *   The broker's list of sites.
   * @param \Closure(): \Drupal\drupalrt\Introduction\SiteIdentity $identity
   *   The site.
   * @param \Closure(): \Drupal\Core\Database\Connection $database
   *   Whose transactions count.
   * @param \Closure(): \Drupal\Core\Session\AccountInterface $currentUser
   *   Who makes the changes.
   */
  public function __construct(
    private readonly \Closure $introducer,
    private readonly \Closure $registry,
    private readonly \Closure $identity,
    private readonly \Closure $database,
    private readonly \Closure $currentUser,
  ) {
    $this->atEnd = $this->afterCommit = new Notice();
  }

  /**
   * {@inheritdoc}
   */
  public function invalidateTags(array $tags): void {
    $users = [];
    foreach ($tags as $tag) {
      if (preg_match('/^user:([1-9]\d*)$/D', $tag, $match) === 1) {
        $users[] = (int) $match[1];
      }
      elseif ($tag === 'config:drupalrt.settings') {
        $this->siteChanged();
      }
      elseif ($tag === 'config:user_role_list' || str_starts_with($tag, 'config:user.role.')) {
        $this->siteChanged(TRUE);
      }
    }
    if ($users !== []) {
      $this->usersChanged($users);
    }
  }

  /**
   * A session is about to end; the broker hears of it once it has.
   *
   * @param string $id
   *   The session's id.
   */
  public function sessionEnds(#[\SensitiveParameter] string $id): void {
    $this->atEnd = $this->atEnd->with(new Notice([Notice::sessionHash($id)]));
    $this->waitForEnd();
  }

  /**
   * Something that the site document tells of has changed.
   *
   * @param bool $roles
   *   Whether it is what roles grant.
   */
  public function siteChanged(bool $roles = FALSE): void {
    $this->siteChanged = TRUE;
    $this->atEnd = $this->atEnd->with(new Notice(roles: $roles));
    $this->waitForEnd();
  }

  /**
   * {@inheritdoc}
   */
  public function destruct(): void {
    if ($this->siteChanged) {
      $this->siteChanged = FALSE;
      ($this->introducer)()->introduceIfChanged();
    }
    $notice = $this->atEnd;
    $this->atEnd = new Notice();
    $this->tell($notice);
  }

  /**
   * @param list<int> $users
   *   Their ids.
   */
  private function usersChanged(array $users): void {
    $oneself = (int) ($this->currentUser)()->id();
    if (WebFacts::isWeb() && in_array($oneself, $users, TRUE)) {
      // A new password means a new cookie. Whoever is told before the response
      // brought it would come back with the old one, and be a visitor.
      $this->atEnd = $this->atEnd->with(new Notice(users: [$oneself]));
      $this->waitForEnd();
      $users = array_values(array_diff($users, [$oneself]));
    }
    if ($users === []) {
      return;
    }
    $this->afterCommit = $this->afterCommit->with(new Notice(users: $users));
    if ($this->waitingForCommit) {
      return;
    }
    $database = ($this->database)();
    if (!$database->inTransaction()) {
      $this->tellOfUsers();
      return;
    }
    $this->waitingForCommit = TRUE;
    // A rollback is told too: it costs the broker a look that finds nothing.
    $database->transactionManager()->addPostTransactionCallback(fn () => $this->tellOfUsers());
  }

  private function tellOfUsers(): void {
    $notice = $this->afterCommit;
    $this->afterCommit = new Notice();
    $this->waitingForCommit = FALSE;
    $this->tell($notice);
  }

  /**
   * Never throws: the broker's own sweep finds later what it was not told.
   */
  private function tell(Notice $notice): void {
    if ($notice->isEmpty()) {
      return;
    }
    try {
      $identity = ($this->identity)();
      ($this->registry)()->notify($identity->key(), $identity->secret(), $notice);
    }
    catch (LinkError) {
      // Away, or the site is not known to it: then nobody is connected either.
    }
  }

  /**
   * Sees to it that destruct() is called on command lines too.
   */
  private function waitForEnd(): void {
    if (!$this->waitingForEnd) {
      $this->waitingForEnd = TRUE;
      register_shutdown_function(function (): void {
        try {
          $this->destruct();
        }
        catch (\Throwable) {
          // The site may be gone by now, as at the end of a test.
        }
      });
    }
  }

}
