<?php

/**
 * @file
 * Has a site that was installed before take its module's code as it is now.
 *
 * Usage: php rebuild.php ROOT URL
 */

declare(strict_types=1);

use Drupal\Core\DrupalKernel;
use Drupal\Core\Site\Settings;
use Symfony\Component\HttpFoundation\Request;

[, $root, $url] = $argv;
chdir($root);
$autoloader = require "$root/autoload.php";
require_once "$root/core/includes/utility.inc";
$request = Request::create($url, server: [
  'SCRIPT_NAME' => '/index.php',
  'SCRIPT_FILENAME' => "$root/index.php",
]);
DrupalKernel::bootEnvironment();
Settings::initialize($root, DrupalKernel::findSitePath($request), $autoloader);
// What is cached may name classes that are no more, so nothing boots from it.
drupal_rebuild($autoloader, $request);
