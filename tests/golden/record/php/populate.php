<?php

/**
 * @file
 * Gives a fresh Drupal 8 or later the roles and people of a plan, which is on
 * standard input.
 *
 * Usage: php populate.php ROOT URL < plan
 */

declare(strict_types=1);

use Drupal\user\Entity\Role;
use Drupal\user\Entity\User;

[, $root, $url] = $argv;
(require dirname(__DIR__, 4) . '/demo/drupal/boot.php')($root, $url);
$plan = json_decode((string) stream_get_contents(STDIN), TRUE, flags: JSON_THROW_ON_ERROR);

$known = \Drupal::service('extension.list.module')->getList();
\Drupal::service('module_installer')->install(array_keys(array_intersect_key(array_flip($plan['modules']), $known)));
\Drupal::configFactory()->getEditable('system.mail')->set('interface.default', 'test_mail_collector')->save();

$names = array_map('strval', array_keys(\Drupal::service('user.permissions')->getPermissions()));
sort($names, SORT_STRING);
foreach ($plan['roles'] as $number => $role) {
  // Every role some, no two the same.
  $permissions = array_filter($names, static fn ($name) => crc32("$number $name") % 7 < $role['share']);
  Role::create([
    'id' => $role['id'],
    'label' => $role['label'],
    'status' => $role['status'],
    'is_admin' => $role['admin'],
    'permissions' => array_values($permissions),
  ])->save();
}
user_role_grant_permissions('anonymous', ['access content']);
user_role_grant_permissions('authenticated', ['access content', 'access user profiles']);

foreach ($plan['users'] as $number => $user) {
  User::create([
    'name' => $user['name'],
    'pass' => $user['pass'],
    'mail' => "user$number@golden.test",
    'status' => 1,
    'roles' => $user['roles'],
  ])->save();
}
User::load(1)->setUsername($plan['root']['name'])->setPassword($plan['root']['pass'])->save();
echo json_encode([
  'version' => \Drupal::VERSION,
  'uids' => array_map('intval', \Drupal::database()->query('SELECT [name], [uid] FROM {users_field_data}')->fetchAllKeyed()),
]);
