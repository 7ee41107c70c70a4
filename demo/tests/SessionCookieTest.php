<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

use Drupalrt\SampleSite\Session\SessionCookie;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * Names and hashes as real Drupal sites have them.
 */
final class SessionCookieTest extends TestCase {

  /**
   * @return array<string, array{string, bool, string, string}>
   */
  public static function names(): array {
    return [
      'http' => ['example.com', FALSE, '', 'SESSa379a6f6eeafb9a55e378c118034e275'],
      'https' => ['example.com', TRUE, '', 'SSESSa379a6f6eeafb9a55e378c118034e275'],
      'www' => ['www.example.com', TRUE, '', 'SSESS80fc0fb9266db7b83f85850fa0e6548b'],
      'a folder' => ['example.com', TRUE, '/drupal', 'SSESS91f0f7d6f3d53d665b38369ecf840cb6'],
      'this machine' => ['localhost', FALSE, '', 'SESS49960de5880e8c687434170f6476605b'],
      'its address' => ['127.0.0.1', FALSE, '', 'SESS12ca17b49af2289436f303e0166030a2'],
    ];
  }

  #[DataProvider('names')]
  public function testItIsNamedAsDrupalNamesIt(string $host, bool $https, string $path, string $name): void {
    self::assertSame($name, SessionCookie::name($host, $https, $path));
  }

  public function testAnIdIsHashedToUrlSafeBase64OfSha256(): void {
    self::assertSame('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU', SessionCookie::hash(''));
    self::assertSame('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0', SessionCookie::hash('abc'));
  }

}
