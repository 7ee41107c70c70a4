<?php

/**
 * @file
 * Introduces the site to the broker, with the addresses that both have now.
 *
 * Usage: php introduce.php ROOT URL BROKER_URL
 */

declare(strict_types=1);

use Drupal\drupalrt\Command\Sync;
use Symfony\Component\HttpFoundation\Response;

[, $root, $url, $brokerUrl] = $argv;
[$kernel, $request] = (require __DIR__ . '/boot.php')($root, $url);
$port = parse_url($url, PHP_URL_PORT);
// A command line cannot know who runs the web server. Here it is the same user
// with the same php.ini, for which a site waits for its first administrator
// elsewhere.
\Drupal::state()->set('drupalrt.web', [
  'host' => "127.0.0.1:$port",
  'base_path' => '',
  'serializer' => (string) ini_get('session.serialize_handler'),
  'uid' => function_exists('posix_geteuid') ? posix_geteuid() : NULL,
]);
\Drupal::configFactory()->getEditable('drupalrt.settings')
  ->set('url', $brokerUrl)
  ->set('hosts', ["127.0.0.1:$port", "localhost:$port"])
  ->save();
$status = \Drupal::service(Sync::class)->run(static function (string $line): void {
  fwrite(STDERR, "$line\n");
});
$kernel->terminate($request, new Response());
exit($status);
