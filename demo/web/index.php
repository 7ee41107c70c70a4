<?php

/**
 * @file
 * Every request of the sample site, under `php -S` as under a web server.
 */

declare(strict_types=1);

use Drupalrt\SampleSite\App;
use Drupalrt\SampleSite\Services;
use Symfony\Component\HttpFoundation\Request;

// What PHP was asked, one request a line: `php -S` itself does not tell.
$log = getenv('DEMO_ACCESS_LOG');
if (is_string($log) && $log !== '') {
  file_put_contents($log, "{$_SERVER['REQUEST_METHOD']} {$_SERVER['REQUEST_URI']}\n", FILE_APPEND | LOCK_EX);
}

require dirname(__DIR__) . '/vendor/autoload.php';

$path = (string) parse_url($_SERVER['REQUEST_URI'] ?? '/', PHP_URL_PATH);
$services = new Services();

// The scripts and the style sheet; their addresses change with their content.
$assets = [
  '/style.css' => ['text/css', __DIR__ . '/style.css'],
  '/sample.js' => ['text/javascript', __DIR__ . '/sample.js'],
  '/home.js' => ['text/javascript', __DIR__ . '/home.js'],
  '/notes.js' => ['text/javascript', __DIR__ . '/notes.js'],
  '/chat.js' => ['text/javascript', __DIR__ . '/chat.js'],
  '/operator.js' => ['text/javascript', __DIR__ . '/operator.js'],
  '/line.js' => ['text/javascript', __DIR__ . '/line.js'],
  '/drupalrt.js' => ['text/javascript', $services->settings->clientScript],
];
if (isset($assets[$path])) {
  [$type, $file] = $assets[$path];
  if (!is_file($file)) {
    http_response_code(404);
    return;
  }
  header("Content-Type: $type; charset=UTF-8");
  header('Cache-Control: public, max-age=31536000, immutable');
  header('X-Content-Type-Options: nosniff');
  readfile($file);
  return;
}

// A web server in front of it, if any, says who asks and whether by https.
$proxies = getenv('DEMO_TRUSTED_PROXIES');
if (is_string($proxies) && $proxies !== '') {
  Request::setTrustedProxies(explode(',', $proxies), Request::HEADER_X_FORWARDED_FOR | Request::HEADER_X_FORWARDED_PROTO);
}

ini_set('display_errors', '0');
$services->install();
(new App($services))->handle(Request::createFromGlobals())->send();
