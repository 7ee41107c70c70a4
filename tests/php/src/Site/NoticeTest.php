<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Site;

use Drupal\drupalrt\Site\Notice;
use PHPUnit\Framework\TestCase;

final class NoticeTest extends TestCase {

  public function testHashesASessionIdAsTheSessionsTableDoes(): void {
    // base64url of SHA-256, without padding: 43 characters.
    self::assertSame('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0', Notice::sessionHash('abc'));
  }

  public function testTwoNoticesMakeOne(): void {
    $both = (new Notice(['s'], [1, 2]))->with(new Notice(['s', 't'], [2], TRUE));
    self::assertSame(['sessions' => ['s', 't'], 'users' => [1, 2], 'roles' => TRUE], $both->toArray());
  }

  public function testAnEmptyOneSaysSo(): void {
    self::assertTrue((new Notice())->isEmpty());
    self::assertFalse((new Notice(roles: TRUE))->isEmpty());
  }

}
