<?php

/**
 * @file
 * Gives the sample site a room that is asked by polling, and people.
 *
 * Usage: php setup.php PEOPLE PASSWORD
 */

declare(strict_types=1);

use Drupalrt\SampleSite\Services;

require dirname(__DIR__, 3) . '/demo/vendor/autoload.php';

[, $people, $password] = $argv;
$services = new Services();
$services->install();
$services->database->exec('CREATE TABLE drupalrt_bench_line (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, uid INT UNSIGNED NOT NULL, text VARCHAR(500) NOT NULL, created INT NOT NULL)');
for ($i = 1; $i <= (int) $people; ++$i) {
  $services->accounts->create("person$i", $password, []);
}
