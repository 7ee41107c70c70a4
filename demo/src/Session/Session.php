<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Session;

use Symfony\Component\HttpFoundation\Request;

/**
 * The visitor's session: PHP's own machinery with Drupal's names and layout.
 *
 * It starts only where the browser brings a session cookie or the page needs one,
 * so an anonymous reader costs no row.
 */
final class Session {

  private const COOKIE_LIFETIME_S = 2000000;

  private bool $started = FALSE;

  public function __construct(
    private readonly SessionStore $store,
    private readonly string $secret,
  ) {}

  /**
   * Picks up the session whose cookie the request carries, if any.
   */
  public function resume(Request $request): void {
    $this->store->setHostname((string) $request->getClientIp());
    $name = SessionCookie::name($request->getHost(), $request->isSecure());
    $this->store->register();
    session_name($name);
    session_set_cookie_params([
      'lifetime' => self::COOKIE_LIFETIME_S,
      'path' => '/',
      'secure' => $request->isSecure(),
      'httponly' => TRUE,
      'samesite' => 'Lax',
    ]);
    $id = $request->cookies->all()[$name] ?? '';
    // PHP would mint a session for an id of foreign letters; Drupal takes none.
    if (is_string($id) && $id !== '') {
      $this->start();
      if ($this->uid() === 0 && !isset($_SESSION['_sf2_meta'])) {
        $this->forget();
      }
    }
  }

  /**
   * The uid in the session; whether it may still sign in is the account's affair.
   */
  public function uid(): int {
    $uid = $this->started ? $_SESSION['_sf2_attributes']['uid'] ?? 0 : 0;
    return is_numeric($uid) ? (int) $uid : 0;
  }

  /**
   * A token for a form; starts a session for whoever has none yet.
   */
  public function token(string $form): string {
    if (!$this->started) {
      $this->start();
    }
    if (!isset($_SESSION['_sf2_meta'])) {
      $this->stamp();
    }
    return SessionCookie::base64Url(hash_hmac('sha256', $form, $_SESSION['_sf2_meta']['s'] . $this->secret, TRUE));
  }

  public function accepts(string $form, string $token): bool {
    return $this->started
      && isset($_SESSION['_sf2_meta'])
      && hash_equals($this->token($form), $token);
  }

  /**
   * Signs in under a new id; the former session is destroyed.
   */
  public function signIn(int $uid): void {
    if (!$this->started) {
      $this->start();
    }
    $this->store->forget((string) session_id());
    session_regenerate_id(TRUE);
    $this->store->remember((string) session_id(), $uid);
    $this->stamp();
    $_SESSION['_sf2_attributes'] = ['uid' => (string) $uid];
    // Kept in Drupal's order, attributes first.
    ksort($_SESSION);
  }

  /**
   * Destroys the session and has the browser forget the cookie.
   *
   * @return string
   *   The hash of the session that ended, for whoever must be told.
   */
  public function signOut(): string {
    $id = $this->started ? (string) session_id() : '';
    $this->forget();
    if ($id === '') {
      return '';
    }
    $this->store->forget($id);
    return SessionCookie::hash($id);
  }

  /**
   * Writes it, before the response is sent.
   */
  public function save(): void {
    if ($this->started) {
      session_write_close();
    }
  }

  private function start(): void {
    $options = [
      'serialize_handler' => 'php',
      'use_strict_mode' => '1',
      'use_cookies' => '1',
      'use_only_cookies' => '1',
      'cache_limiter' => '',
      'gc_probability' => '1',
      'gc_divisor' => '100',
      'gc_maxlifetime' => '200000',
    ];
    if (PHP_VERSION_ID < 80400) {
      $options += ['sid_length' => '48', 'sid_bits_per_character' => '6'];
    }
    $this->started = session_start($options);
  }

  private function stamp(): void {
    $_SESSION['_sf2_meta'] = [
      'u' => time(),
      'c' => time(),
      'l' => self::COOKIE_LIFETIME_S,
      's' => SessionCookie::base64Url(random_bytes(32)),
    ];
  }

  private function forget(): void {
    if (!$this->started) {
      return;
    }
    $name = (string) session_name();
    $params = session_get_cookie_params();
    session_destroy();
    $_SESSION = [];
    $this->started = FALSE;
    setcookie($name, '', [
      'expires' => 1,
      'path' => $params['path'],
      'secure' => $params['secure'],
      'httponly' => TRUE,
      'samesite' => 'Lax',
    ]);
  }

}
