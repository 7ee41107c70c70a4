<?php

/**
 * @file
 * Gives a fresh site the module, a kind of content, and people.
 *
 * Usage: php setup.php ROOT URL
 */

declare(strict_types=1);

use Drupal\node\Entity\NodeType;
use Drupal\user\Entity\Role;
use Drupal\user\Entity\User;
use Symfony\Component\HttpFoundation\Response;

[, $root, $url] = $argv;
[$kernel, $request] = (require dirname(__DIR__, 3) . '/demo/drupal/boot.php')($root, $url);
\Drupal::service('module_installer')->install(['drupalrt', 'drupalrt_demo', 'drupalrt_test']);

// One file each: a test may look for the client's.
\Drupal::configFactory()->getEditable('system.performance')->set('js.preprocess', FALSE)->save();
// Nobody is written to.
\Drupal::configFactory()->getEditable('system.mail')->set('interface.default', 'test_mail_collector')->save();
NodeType::create(['type' => 'page', 'name' => 'Page'])->save();
Role::create([
  'id' => 'editor',
  'label' => 'Editor',
  'permissions' => ['create page content', 'edit any page content', 'delete any page content'],
])->save();
$admin = User::load(1);
$admin->setUsername('admin')->setPassword('drupalrt')->save();
foreach (['editor' => ['editor'], 'member' => [], 'guest' => []] as $name => $roles) {
  User::create(['name' => $name, 'pass' => 'drupalrt', 'mail' => "$name@site.test", 'status' => 1, 'roles' => $roles])->save();
}
$kernel->terminate($request, new Response());
