<?php

declare(strict_types=1);

namespace Drupal\drupalrt_policy;

use Drupal\Core\Session\AccessPolicyBase;
use Drupal\Core\Session\AccountInterface;
use Drupal\Core\Session\CalculatedPermissionsItem;
use Drupal\Core\Session\RefinableCalculatedPermissionsInterface;
use Drupal\Core\State\StateInterface;

/**
 * Lets editors see profiles while the house is open, and nobody else ever.
 */
final class HousePolicy extends AccessPolicyBase {

  public function __construct(private readonly StateInterface $state) {}

  /**
   * {@inheritdoc}
   */
  public function alterPermissions(AccountInterface $account, string $scope, RefinableCalculatedPermissionsInterface $calculated_permissions): void {
    $item = $calculated_permissions->getItem();
    if ($item === FALSE || $item->isAdmin()) {
      return;
    }
    $permissions = array_diff($item->getPermissions(), ['access user profiles']);
    if (in_array('editor', $account->getRoles(), TRUE) && $this->state->get('drupalrt_policy.open', FALSE)) {
      $permissions[] = 'access user profiles';
    }
    $calculated_permissions->addItem(new CalculatedPermissionsItem(array_values($permissions)), TRUE);
  }

  /**
   * {@inheritdoc}
   *
   * @return list<string>
   *   What it goes by.
   */
  public function getPersistentCacheContexts(): array {
    return ['user.roles', 'ip'];
  }

}
