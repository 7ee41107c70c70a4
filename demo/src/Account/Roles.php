<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Account;

use Drupalrt\SampleSite\Database\Connection;

/**
 * The roles, kept as Drupal keeps them: serialised rows `user.role.*` of `config`.
 */
final class Roles {

  public function __construct(private readonly Connection $database) {}

  /**
   * @return array<string, array{label: string, weight: int, admin: bool, permissions: list<string>}>
   *   By role id, lightest first.
   */
  public function all(): array {
    $roles = [];
    $rows = $this->database->rows("SELECT data FROM config WHERE collection = '' AND name LIKE 'user.role.%'");
    foreach ($rows as $row) {
      $role = unserialize((string) $row['data'], ['allowed_classes' => FALSE]);
      if (is_array($role)) {
        $roles[(string) $role['id']] = [
          'label' => (string) $role['label'],
          'weight' => (int) $role['weight'],
          'admin' => (bool) $role['is_admin'],
          'permissions' => array_map('strval', array_values($role['permissions'])),
        ];
      }
    }
    uasort($roles, static fn (array $a, array $b): int => $a['weight'] <=> $b['weight']);
    return $roles;
  }

  /**
   * @param list<string> $permissions
   */
  public function create(string $id, string $label, int $weight, bool $admin, array $permissions): void {
    sort($permissions);
    $this->database->insert('config', [
      'collection' => '',
      'name' => "user.role.$id",
      'data' => serialize([
        'uuid' => Accounts::uuid(),
        'langcode' => 'en',
        'status' => TRUE,
        'dependencies' => [],
        'id' => $id,
        'label' => $label,
        'weight' => $weight,
        'is_admin' => $admin,
        'permissions' => $permissions,
      ]),
    ]);
  }

}
