<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Hook;

use Drupal\Core\Hook\Attribute\Hook;
use Drupal\drupalrt\Change\ChangeNotifier;
use Drupal\drupalrt\Introduction\Introducer;
use Drupal\drupalrt\Introduction\SiteIdentity;
use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Site\SiteRegistry;

/**
 * Changes that no cache tag tells of.
 */
final class ChangeHooks {

  public function __construct(
    private readonly ChangeNotifier $notifier,
    private readonly Introducer $introducer,
    private readonly SiteRegistry $registry,
    private readonly SiteIdentity $identity,
  ) {}

  /**
   * Implements hook_user_logout().
   */
  #[Hook('user_logout')]
  public function userLogout(): void {
    $id = session_id();
    if ($id !== FALSE && $id !== '') {
      $this->notifier->sessionEnds($id);
    }
  }

  /**
   * Implements hook_modules_installed() and hook_modules_uninstalled().
   *
   * Modules bring namespaces and access policies, and take them away.
   */
  #[Hook('modules_installed')]
  #[Hook('modules_uninstalled')]
  public function modulesChanged(): void {
    $this->notifier->siteChanged();
  }

  /**
   * Implements hook_rebuild().
   */
  #[Hook('rebuild')]
  public function rebuild(): void {
    $this->introducer->introduce();
  }

  /**
   * Implements hook_cron().
   *
   * Heals a broker that lost its memory, and a site that changed where nobody
   * saw it, as in settings.php.
   */
  #[Hook('cron')]
  public function cron(): void {
    try {
      $known = $this->registry->find($this->identity->key()) !== NULL;
    }
    catch (LinkError) {
      return;
    }
    if (!$known || !$this->introducer->isCurrent()) {
      $this->introducer->introduce();
    }
  }

}
