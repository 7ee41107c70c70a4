<?php

/**
 * @file
 * The sample site with a chat room as sites without a broker have it: lines in a
 * table, and one light request after the other for those that are new.
 */

declare(strict_types=1);

use Drupalrt\SampleSite\Services;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;

require dirname(__DIR__, 3) . '/demo/vendor/autoload.php';

$request = Request::createFromGlobals();
if (!str_starts_with($request->getPathInfo(), '/drupalrt-bench/')) {
  require dirname(__DIR__, 3) . '/demo/web/index.php';
  return;
}

$services = new Services();
$session = $services->session;
$session->resume($request);
$account = $services->accounts->load($session->uid());

$answer = static function () use ($services, $session, $account, $request): JsonResponse {
  if (!$account->isLoggedIn() || !$account->may('access content')) {
    return new JsonResponse([], 403);
  }
  if ($request->getPathInfo() === '/drupalrt-bench/token') {
    return new JsonResponse(['token' => $session->token('bench')]);
  }
  if ($request->getPathInfo() === '/drupalrt-bench/poll') {
    $sql = 'SELECT l.id, u.name, l.text FROM drupalrt_bench_line l INNER JOIN users_field_data u ON u.uid = l.uid AND u.default_langcode = 1 WHERE l.id > ? ORDER BY l.id LIMIT 100';
    return new JsonResponse(['lines' => $services->database->rows($sql, [$request->query->getInt('since')])]);
  }
  if (!$session->accepts('bench', (string) $request->headers->get('X-CSRF-Token'))) {
    return new JsonResponse([], 403);
  }
  $text = mb_substr((string) $request->toArray()['text'], 0, 500);
  $services->database->insert('drupalrt_bench_line', ['uid' => $account->uid, 'text' => $text, 'created' => time()]);
  if ($request->query->has('push')) {
    $services->publisher->publish('chat:lounge', ['name' => $account->name, 'text' => $text]);
  }
  return new JsonResponse([], 201);
};

$response = $answer();
$session->save();
$response->send();
