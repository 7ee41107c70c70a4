<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Session\AccessPolicyInterface;
use Drupal\Core\Session\CalculatedPermissionsItem;
use Drupal\Core\Session\CalculatedPermissionsItemInterface;
use Drupal\Core\Session\RefinableCalculatedPermissions;
use Drupal\Core\Session\UserSession;
use Drupal\user\RoleInterface;

/**
 * What the roles grant in effect: as configured, as settings.php overrides it,
 * and as the access policies of modules change it.
 *
 * The broker goes by roles. So each policy is asked about an account that has
 * the role and is nobody in particular; a policy that looks at more than roles
 * may decide otherwise about somebody (see contexts()).
 */
final class EffectiveRoles {

  private const PREFIX = 'user.role.';

  /**
   * Nobody has it: the largest id that a database takes.
   */
  private const NOBODY = 4294967295;

  /**
   * @param \Drupal\Core\Config\ConfigFactoryInterface $configFactory
   *   Has the roles.
   * @param list<\Drupal\Core\Session\AccessPolicyInterface> $policies
   *   Those of modules.
   */
  public function __construct(
    private readonly ConfigFactoryInterface $configFactory,
    private readonly array $policies = [],
  ) {}

  /**
   * What each role grants at present.
   *
   * Read from the configuration, since role entities that are loaded already
   * may be older than a change to it.
   *
   * @return array<string, array{admin: bool, permissions: list<string>}>
   *   By role id.
   */
  public function all(): array {
    $roles = [];
    foreach ($this->configFactory->listAll(self::PREFIX) as $name) {
      $role = $this->configFactory->get($name);
      $id = substr($name, strlen(self::PREFIX));
      $item = new CalculatedPermissionsItem(array_values((array) $role->get('permissions')), (bool) $role->get('is_admin'));
      $item = $this->judged($id, $item);
      $roles[$id] = ['admin' => $item->isAdmin(), 'permissions' => array_values($item->getPermissions())];
    }
    return $roles;
  }

  /**
   * The roles that settings.php or a module overrides.
   *
   * @return list<string>
   *   Names of configuration.
   */
  public function overridden(): array {
    return array_values(array_filter(
      $this->configFactory->listAll(self::PREFIX),
      fn (string $name): bool => $this->configFactory->get($name)->hasOverrides(),
    ));
  }

  /**
   * What the policies of modules go by, besides roles.
   *
   * @return list<string>
   *   Cache contexts, such as "user" or "ip".
   */
  public function contexts(): array {
    $contexts = [];
    foreach ($this->policies as $policy) {
      $contexts = [...$contexts, ...$policy->getPersistentCacheContexts()];
    }
    return array_values(array_diff(array_unique($contexts), ['user.roles']));
  }

  private function judged(string $role, CalculatedPermissionsItemInterface $item): CalculatedPermissionsItemInterface {
    $anonymous = $role === RoleInterface::ANONYMOUS_ID;
    $account = new UserSession([
      'uid' => $anonymous ? 0 : self::NOBODY,
      'roles' => $anonymous ? [$role] : array_unique([RoleInterface::AUTHENTICATED_ID, $role]),
    ]);
    $scope = AccessPolicyInterface::SCOPE_DRUPAL;
    $policies = array_filter($this->policies, static fn (AccessPolicyInterface $policy): bool => $policy->applies($scope));
    $permissions = (new RefinableCalculatedPermissions())->addItem($item);
    foreach ($policies as $policy) {
      $permissions->merge($policy->calculatePermissions($account, $scope));
    }
    foreach ($policies as $policy) {
      $policy->alterPermissions($account, $scope, $permissions);
    }
    return $permissions->getItem() ?: new CalculatedPermissionsItem([]);
  }

}
