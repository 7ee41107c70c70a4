<?php

declare(strict_types=1);

namespace Drupal\Tests\drupalrt\Token;

use Drupal\drupalrt\Token\TokenMinter;
use PHPUnit\Framework\TestCase;

final class TokenMinterTest extends TestCase {

  private const SECRET = 'a secret of thirty-two characters';

  private TokenMinter $minter;

  protected function setUp(): void {
    $this->minter = new TokenMinter(self::SECRET, static fn (): int => 1000);
  }

  /**
   * @return array<string, mixed>
   *   The claims of a token whose signature is good.
   */
  private static function claims(string $token): array {
    [$head, $body, $signature] = explode('.', $token);
    $decode = static fn (string $part): string => (string) base64_decode(strtr($part, '-_', '+/'), TRUE);
    self::assertSame(hash_hmac('sha256', "$head.$body", self::SECRET, TRUE), $decode($signature));
    self::assertSame(['alg' => 'HS256', 'typ' => 'JWT'], json_decode($decode($head), TRUE));
    return json_decode($decode($body), TRUE);
  }

  public function testAConnectionTokenSaysWhoSomebodyIs(): void {
    self::assertSame(
      ['sub' => '7', 'iat' => 1000, 'exp' => 1060, 'info' => ['name' => 'editor']],
      self::claims($this->minter->connection(7, ['name' => 'editor'], 60)),
    );
  }

  public function testAnAnonymousVisitorHasNoId(): void {
    self::assertSame('', self::claims($this->minter->connection(0))['sub']);
  }

  public function testASubscriptionTokenIsForOneUserAndOneChannel(): void {
    self::assertSame(
      ['sub' => '7', 'iat' => 1000, 'exp' => 4600, 'channel' => 'draft:9'],
      self::claims($this->minter->subscription(7, 'draft:9')),
    );
  }

  public function testAWeakSecretSignsNothing(): void {
    $this->expectException(\InvalidArgumentException::class);
    new TokenMinter('short');
  }

  public function testATokenWithoutTimeIsAMistake(): void {
    $this->expectException(\InvalidArgumentException::class);
    $this->minter->connection(7, [], 0);
  }

}
