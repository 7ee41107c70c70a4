<?php

/**
 * @file
 * Gives a fresh Drupal the room that is asked by polling, and people.
 *
 * Usage: php setup.php ROOT URL PEOPLE PASSWORD
 */

declare(strict_types=1);

use Drupal\user\Entity\User;
use Symfony\Component\HttpFoundation\Response;

[, $root, $url, $people, $password] = $argv;
[$kernel, $request] = (require dirname(__DIR__, 2) . '/demo/drupal/boot.php')($root, $url);
\Drupal::service('module_installer')->install(['drupalrt_bench']);
\Drupal::configFactory()->getEditable('system.mail')->set('interface.default', 'test_mail_collector')->save();
for ($i = 1; $i <= (int) $people; ++$i) {
  User::create([
    'name' => "person$i",
    'pass' => $password,
    'mail' => "person$i@site.test",
    'status' => 1,
  ])->save();
}
$kernel->terminate($request, new Response());
