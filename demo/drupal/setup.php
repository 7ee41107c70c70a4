<?php

/**
 * @file
 * Makes a fresh site one that is worth looking at: a theme, content, people.
 *
 * Usage: php setup.php ROOT URL PASSWORD
 */

declare(strict_types=1);

use Drupal\field\Entity\FieldConfig;
use Drupal\field\Entity\FieldStorageConfig;
use Drupal\menu_link_content\Entity\MenuLinkContent;
use Drupal\node\Entity\NodeType;
use Drupal\user\Entity\Role;
use Drupal\user\Entity\User;
use Symfony\Component\HttpFoundation\Response;

[, $root, $url, $password] = $argv;
[$kernel, $request] = (require __DIR__ . '/boot.php')($root, $url);
\Drupal::service('module_installer')->install(['menu_link_content', 'toolbar', 'drupalrt', 'drupalrt_demo']);
\Drupal::service('theme_installer')->install(['olivero']);
// "$config" would be a global of Drupal.
$factory = \Drupal::configFactory();
$factory->getEditable('system.theme')->set('default', 'olivero')->save();
$factory->getEditable('system.site')->set('page.front', '/drupalrt/demo')->save();
// Scripts as they are in the module, for whoever opens the browser's tools.
$factory->getEditable('system.performance')->set('js.preprocess', FALSE)->save();
// Nobody is written to.
$factory->getEditable('system.mail')->set('interface.default', 'test_mail_collector')->save();

NodeType::create(['type' => 'page', 'name' => 'Page', 'display_submitted' => TRUE])->save();
if (FieldStorageConfig::loadByName('node', 'body') !== NULL) {
  FieldConfig::create(['entity_type' => 'node', 'bundle' => 'page', 'field_name' => 'body', 'label' => 'Text'])->save();
  $displays = \Drupal::service('entity_display.repository');
  $displays->getFormDisplay('node', 'page')->setComponent('body')->save();
  $displays->getViewDisplay('node', 'page')->setComponent('body', ['label' => 'hidden'])->save();
}
foreach (['Content, live' => '/drupalrt/demo', 'Create content' => '/node/add/page'] as $title => $path) {
  MenuLinkContent::create([
    'title' => $title,
    'link' => ['uri' => "internal:$path"],
    'menu_name' => 'main',
    'weight' => $path === '/drupalrt/demo' ? 0 : 1,
  ])->save();
}

Role::create([
  'id' => 'editor',
  'label' => 'Editor',
  'permissions' => ['create page content', 'edit any page content', 'delete any page content'],
])->save();
User::load(1)->setUsername('admin')->setPassword($password)->save();
foreach (['editor' => ['editor'], 'member' => []] as $name => $roles) {
  User::create([
    'name' => $name,
    'pass' => $password,
    'mail' => "$name@site.test",
    'status' => 1,
    'roles' => $roles,
  ])->save();
}
$kernel->terminate($request, new Response());
