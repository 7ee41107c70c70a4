<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Token;

use Drupal\drupalrt\Link\LinkError;
use Drupal\drupalrt\Link\SiteExtension;
use Drupal\drupalrt\Token\ExtensionTokens;
use Drupal\Tests\drupalrt\FakeExtension;
use PHPUnit\Framework\TestCase;

final class ExtensionTokensTest extends TestCase {

  private ExtensionTokens $tokens;

  protected function setUp(): void {
    FakeExtension::reset();
    $this->tokens = new ExtensionTokens(new SiteExtension());
  }

  public function testTheBrokerMintsAConnectionToken(): void {
    self::assertSame('a.b.c', $this->tokens->connection(7, ['name' => 'editor'], 60, ['chat:1']));
    self::assertSame([['token', 7, ['ttl' => 60, 'info' => ['name' => 'editor'], 'channels' => ['chat:1']]]], FakeExtension::$calls);
  }

  public function testASubscriptionTokenIsForOneUserAndOneChannel(): void {
    self::assertSame('a.b.c', $this->tokens->subscription('7', 'draft:9'));
    self::assertSame([['token', '7', ['ttl' => 3600, 'channel' => 'draft:9']]], FakeExtension::$calls);
  }

  public function testWithoutTheBrokerThereIsNoToken(): void {
    FakeExtension::$throws = new \RuntimeException('The broker is away', 0);
    $this->expectExceptionObject(new LinkError('The broker is away'));
    $this->tokens->connection(0);
  }

}
