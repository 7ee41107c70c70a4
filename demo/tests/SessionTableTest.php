<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

use Drupalrt\SampleSite\Session\SessionCookie;

/**
 * Sessions as rows of Drupal's table.
 */
final class SessionTableTest extends SampleSiteTestCase {

  protected function tearDown(): void {
    unset($_SESSION);
    parent::tearDown();
  }

  public function testAWrittenSessionIsReadBackByteForByte(): void {
    $blob = "_sf2_attributes|a:1:{s:3:\"uid\";s:1:\"2\";}x|s:4:\"\0é'\";";
    $this->site->sessions->write('an,id', $blob);

    self::assertSame($blob, $this->services()->sessions->read('an,id'));
    self::assertSame('', $this->site->sessions->read('another'));
  }

  public function testTheRowCarriesTheHashTheHostAndTheUidOfTheSession(): void {
    $_SESSION['_sf2_attributes'] = ['uid' => '3'];
    $this->site->sessions->setHostname('127.0.0.1');
    $this->site->sessions->write('first', 'a|b:1;');
    $this->site->sessions->write('first', 'a|b:0;');

    $rows = $this->site->database->rows('SELECT uid, sid, hostname, session FROM sessions');
    self::assertSame([
      ['uid' => '3', 'sid' => SessionCookie::hash('first'), 'hostname' => '127.0.0.1', 'session' => 'a|b:0;'],
    ], $rows);
  }

  public function testAnIdIsValidWhileItsRowIsThere(): void {
    $this->site->sessions->write('known', 'a|b:1;');
    self::assertTrue($this->site->sessions->validateId('known'));
    self::assertFalse($this->site->sessions->validateId('made up'));

    $this->site->sessions->destroy('known');
    self::assertFalse($this->site->sessions->validateId('known'));
  }

  public function testAllSessionsOfOnePersonEndTogether(): void {
    foreach (['a' => '2', 'b' => '2', 'c' => '3'] as $id => $uid) {
      $_SESSION['_sf2_attributes'] = ['uid' => $uid];
      $this->site->sessions->write($id, 'x|i:1;');
    }

    $ended = $this->site->sessions->destroyAllOf(2);

    self::assertEqualsCanonicalizing([SessionCookie::hash('a'), SessionCookie::hash('b')], $ended);
    self::assertTrue($this->site->sessions->validateId('c'));
    self::assertFalse($this->site->sessions->validateId('a'));
  }

  public function testAnUntouchedSessionIsSweptWhenItsTimeIsOver(): void {
    $this->site->sessions->write('old', 'x|i:1;');
    $this->site->database->query('UPDATE sessions SET timestamp = timestamp - 1000');
    $this->site->sessions->write('new', 'x|i:1;');

    self::assertSame(1, $this->site->sessions->gc(500));
    self::assertTrue($this->site->sessions->validateId('new'));
  }

}
