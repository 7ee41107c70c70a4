<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

use Drupalrt\SampleSite\App;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\PreserveGlobalState;
use PHPUnit\Framework\Attributes\RunTestsInSeparateProcesses;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;

/**
 * Requests and responses, with PHP's own sessions: a process for each test.
 */
#[RunTestsInSeparateProcesses]
#[PreserveGlobalState(FALSE)]
final class AppTest extends SampleSiteTestCase {

  private const COOKIE = 'SESS12ca17b49af2289436f303e0166030a2';

  /**
   * @return array<string, array{string, string, int}>
   */
  public static function requests(): array {
    return [
      'home' => ['GET', '/', 200],
      'notes' => ['GET', '/notes', 200],
      'the list as data' => ['GET', '/notes.json', 200],
      'chat' => ['GET', '/chat', 200],
      'the line' => ['GET', '/line', 200],
      'nothing' => ['GET', '/nothing', 404],
      'a number too long' => ['GET', '/notes/12345678901', 404],
      'for administrators' => ['GET', '/people', 403],
      'a form without a token' => ['POST', '/notes', 403],
      'a wrong method' => ['DELETE', '/notes', 405],
    ];
  }

  #[DataProvider('requests')]
  public function testAVisitorIsAnsweredWithoutASession(string $method, string $path, int $status): void {
    $response = $this->ask(Request::create("http://127.0.0.1:8080$path", $method));

    self::assertSame($status, $response->getStatusCode());
    self::assertSame(0, $this->site->database->number('SELECT COUNT(*) FROM sessions'));
  }

  public function testSigningInChangesTheIdAndWritesTheRowAsDrupalWouldReadIt(): void {
    $form = $this->ask(Request::create('http://127.0.0.1:8080/login'));
    $before = (string) session_id();
    $response = $this->post('/login', ['name' => 'editor', 'password' => 'demo'], $this->token($form));

    self::assertSame(303, $response->getStatusCode());
    $after = (string) session_id();
    self::assertMatchesRegularExpression('/^[A-Za-z0-9,-]{48}$/', $after);
    self::assertNotSame($before, $after);
    $rows = $this->site->database->rows('SELECT uid, session FROM sessions');
    self::assertCount(1, $rows);
    self::assertSame('2', $rows[0]['uid']);
    self::assertStringStartsWith('_sf2_attributes|a:1:{s:3:"uid";s:1:"2";}_sf2_meta|a:4:{', (string) $rows[0]['session']);
  }

  public function testSigningOutDeletesTheRowAndTellsTheBroker(): void {
    $form = $this->ask(Request::create('http://127.0.0.1:8080/login'));
    $this->post('/login', ['name' => 'editor', 'password' => 'demo'], $this->token($form));
    $hash = (string) $this->site->database->row('SELECT sid FROM sessions')['sid'];

    $home = $this->ask($this->withCookie(Request::create('http://127.0.0.1:8080/')));
    $this->post('/logout', [], $this->token($home));

    self::assertSame(0, $this->site->database->number('SELECT COUNT(*) FROM sessions'));
    $notices = array_column(array_column($this->link->calls, 1), 'notice');
    self::assertSame([['sessions' => [$hash]]], $notices);
  }

  public function testAMadeUpIdIsNobodysAndLeavesNoRow(): void {
    $_COOKIE[self::COOKIE] = 'madeup';
    $request = Request::create('http://127.0.0.1:8080/', cookies: $_COOKIE);

    $response = $this->ask($request);

    self::assertStringContainsString('Sign in', (string) $response->getContent());
    self::assertSame(0, $this->site->database->number('SELECT COUNT(*) FROM sessions'));
  }

  public function testATokenOfOneFormOpensNoOther(): void {
    $form = $this->ask(Request::create('http://127.0.0.1:8080/login'));

    $response = $this->post('/notes', ['title' => 'Smuggled'], $this->token($form));

    self::assertSame(403, $response->getStatusCode());
  }

  public function testTheFooterClaimsToBeNoDrupal(): void {
    $response = $this->ask(Request::create('http://127.0.0.1:8080/'));

    self::assertStringContainsString('<strong>no Drupal</strong>', (string) $response->getContent());
  }

  private function ask(Request $request): Response {
    $this->site = $this->services();
    return (new App($this->site))->handle($request);
  }

  /**
   * @param array<string, string> $fields
   */
  private function post(string $path, array $fields, string $token): Response {
    return $this->ask($this->withCookie(Request::create("http://127.0.0.1:8080$path", 'POST', $fields + ['token' => $token])));
  }

  /**
   * PHP reads the session's id from the environment, the site from the request.
   */
  private function withCookie(Request $request): Request {
    $_COOKIE[self::COOKIE] = (string) session_id();
    $request->cookies->set(self::COOKIE, (string) session_id());
    return $request;
  }

  private function token(Response $page): string {
    self::assertSame(1, preg_match('/name="token" value="([^"]+)"/', (string) $page->getContent(), $match));
    return $match[1];
  }

}
