<?php

/**
 * @file
 * Fills the site with roles and accounts of all kinds. Returns their names.
 *
 * Usage: php populate.php ROOT URL
 */

declare(strict_types=1);

use Drupal\user\Entity\Role;
use Drupal\user\Entity\User;
use Symfony\Component\HttpFoundation\Response;

const ROLES = 30;
const USERS = 200;
const NAMES = ['member', 'Mitglied Ä', 'участник', 'μέλος', 'メンバー', 'عضو', 'חבר', 'सदस्य', "o'member", 'member.b-c'];

[, $root, $url] = $argv;
[$kernel, $request] = (require dirname(__DIR__, 3) . '/demo/drupal/boot.php')($root, $url);
// The same site each time.
mt_srand(7);
$permissions = array_keys(\Drupal::service('user.permissions')->getPermissions());
for ($i = 0; $i < ROLES; $i++) {
  $granted = array_filter($permissions, static fn (): bool => mt_rand(0, 3) === 0);
  Role::create(['id' => "parity$i", 'label' => "Rôle $i", 'weight' => -$i, 'permissions' => array_values($granted)])->save();
}
Role::create(['id' => 'parity_admin', 'label' => 'All', 'is_admin' => TRUE])->save();
// As old sites have them: no is_admin, a gap in the list, a name that is none
// of today's, a role that is switched off and grants all the same.
\Drupal::configFactory()->getEditable('user.role.parity0')
  ->clear('is_admin')->set('status', FALSE)
  ->set('permissions', [2 => 'access site reports', 5 => "it's ünïcode", 9 => 'administer nodes'])->save(TRUE);

$password = \Drupal::service('password')->hash('drupalrt');
for ($i = 0; $i < USERS; $i++) {
  $roles = array_map(static fn (): string => 'parity' . mt_rand(0, ROLES - 1), range(1, mt_rand(1, 4)));
  $account = User::create([
    'name' => NAMES[$i % count(NAMES)] . " $i",
    'mail' => "parity$i@site.test",
    'status' => (int) ($i % 11 !== 10),
    'roles' => $i % 7 === 0 ? [] : array_values(array_unique($roles)),
  ]);
  if ($i % 50 === 3) {
    $account->addRole('parity_admin');
  }
  $account->get('pass')->pre_hashed = TRUE;
  $account->get('pass')->value = $password;
  $account->save();
}
$kernel->terminate($request, new Response());
