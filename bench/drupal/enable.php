<?php

/**
 * @file
 * Installs drupalrt on the site.
 *
 * Usage: php enable.php ROOT URL
 */

declare(strict_types=1);

use Symfony\Component\HttpFoundation\Response;

[, $root, $url] = $argv;
[$kernel, $request] = (require dirname(__DIR__, 2) . '/demo/drupal/boot.php')($root, $url);
\Drupal::service('module_installer')->install(['drupalrt']);
$kernel->terminate($request, new Response());
