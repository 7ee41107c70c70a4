<?php

/**
 * @file
 * Boots the site in the present folder, as for a request to an address.
 */

declare(strict_types=1);

use Drupal\Core\DrupalKernel;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Session\Session;
use Symfony\Component\HttpFoundation\Session\Storage\MockArraySessionStorage;

return static function (string $root, string $url): array {
  chdir($root);
  $autoloader = require "$root/autoload.php";
  $request = Request::create($url, server: [
    'SCRIPT_NAME' => '/index.php',
    'SCRIPT_FILENAME' => "$root/index.php",
  ]);
  $request->setSession(new Session(new MockArraySessionStorage()));
  $kernel = DrupalKernel::createFromRequest($request, $autoloader, 'prod');
  $kernel->boot();
  $kernel->preHandle($request);
  if (\Drupal::requestStack()->getMainRequest() === NULL) {
    \Drupal::requestStack()->push($request);
  }
  return [$kernel, $request];
};
