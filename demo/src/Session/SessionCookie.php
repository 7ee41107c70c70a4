<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Session;

/**
 * Drupal's two rules about sessions: the cookie's name and the id's hash.
 */
final class SessionCookie {

  /**
   * The cookie's name on a host, as Drupal 8 and later make it.
   *
   * @param string $host
   *   The host without port, in lower case.
   */
  public static function name(string $host, bool $https, string $basePath = ''): string {
    $prefix = $https ? 'SSESS' : 'SESS';
    return $prefix . substr(hash('sha256', $host . $basePath), 0, 32);
  }

  /**
   * What the column `sid` holds for a session id.
   */
  public static function hash(string $id): string {
    return self::base64Url(hash('sha256', $id, TRUE));
  }

  public static function base64Url(string $bytes): string {
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
  }

}
