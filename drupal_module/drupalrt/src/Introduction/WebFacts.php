<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Core\Session\AccountInterface;
use Drupal\Core\Site\Settings;
use Drupal\Core\State\StateInterface;
use Drupal\drupalrt\Site\DatabaseSection;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\RequestStack;

/**
 * What can only be learnt while a web server runs PHP; kept for the others.
 *
 * A command line knows neither the site's host nor under which user and with
 * which session settings the web server runs PHP.
 */
final class WebFacts {

  private const STATE = 'drupalrt.web';

  /**
   * What php.ini has for PHP's own session modules, besides the path.
   */
  private const SESSION_INI = [
    'redis' => ['compression' => 'redis.session.compression'],
    'memcached' => [
      'prefix' => 'memcached.sess_prefix',
      'consistent_hash' => 'memcached.sess_consistent_hash',
      'consistent_hash_type' => 'memcached.sess_consistent_hash_type',
      'sasl_username' => 'memcached.sess_sasl_username',
    ],
  ];

  public function __construct(
    private readonly RequestStack $requestStack,
    private readonly StateInterface $state,
    private readonly AccountInterface $currentUser,
    private readonly Settings $settings,
  ) {}

  /**
   * Whether a web server runs this.
   */
  public static function isWeb(): bool {
    return !in_array(PHP_SAPI, ['cli', 'phpdbg'], TRUE);
  }

  /**
   * Learns from the present request, if it can be trusted.
   *
   * Anybody can send any Host header, and a host that is learnt may talk to
   * the broker as this site. So an administrator's requests count, and others
   * only where settings.php says which hosts there are.
   */
  public function learn(): void {
    $request = $this->requestStack->getMainRequest();
    if ($request === NULL || !self::isWeb()) {
      return;
    }
    if ($this->settings->get('trusted_host_patterns', []) === [] && !$this->currentUser->hasPermission('administer drupalrt')) {
      return;
    }
    $facts = [
      'host' => strtolower($request->getHttpHost()),
      'base_path' => $request->getBasePath(),
      'serializer' => (string) ini_get('session.serialize_handler'),
      'session' => self::phpSessions(),
      'database' => self::databaseEnvironment(),
      'uid' => self::systemUser(),
    ];
    if ($facts !== $this->state->get(self::STATE)) {
      $this->state->set(self::STATE, $facts);
    }
  }

  /**
   * The host under which the site was last seen; empty: not yet.
   */
  public function host(): string {
    return (string) $this->fact('host', '');
  }

  /**
   * The folder the site is in, seen from the host.
   */
  public function basePath(): string {
    return (string) $this->fact('base_path', '');
  }

  /**
   * How sessions are serialised.
   */
  public function serializer(): string {
    return (string) $this->fact('serializer', (string) ini_get('session.serialize_handler'));
  }

  /**
   * How the web server's PHP stores sessions where Drupal leaves it to PHP.
   *
   * @return array{module: string, path: string, ini: array<string, string>}
   *   As SessionStore::ofPhp() takes them.
   */
  public function sessions(): array {
    /** @var array{module: string, path: string, ini: array<string, string>} */
    return $this->fact('session', NULL) ?? self::phpSessions();
  }

  /**
   * What the web server's environment adds to a connection to a database.
   *
   * @return array<string, string>
   *   As DatabaseSection::fromDrupal() takes it.
   */
  public function environment(): array {
    /** @var array<string, string> */
    return $this->fact('database', NULL) ?? self::databaseEnvironment();
  }

  /**
   * The system user who runs the site's PHP; NULL: not known yet.
   */
  public function webUser(): ?int {
    $uid = $this->fact('uid', NULL);
    return is_int($uid) ? $uid : NULL;
  }

  /**
   * The system user of this process; NULL where PHP cannot tell.
   */
  public static function systemUser(): ?int {
    return function_exists('posix_geteuid') ? posix_geteuid() : NULL;
  }

  /**
   * The main request, if there is one.
   */
  public function request(): ?Request {
    return $this->requestStack->getMainRequest();
  }

  /**
   * Forgets everything.
   */
  public function forget(): void {
    $this->state->delete(self::STATE);
  }

  /**
   * @return array{module: string, path: string, ini: array<string, string>}
   *   See sessions().
   */
  private static function phpSessions(): array {
    $module = (string) ini_get('session.save_handler');
    if ($module === 'user') {
      // Drupal has put a handler in front of it by now.
      $module = (string) (ini_get_all('session')['session.save_handler']['global_value'] ?? '');
    }
    $ini = [];
    foreach (self::SESSION_INI[$module] ?? [] as $name => $setting) {
      $ini[$name] = (string) ini_get($setting);
    }
    return ['module' => $module, 'path' => (string) ini_get('session.save_path'), 'ini' => $ini];
  }

  /**
   * @return array<string, string>
   *   See environment().
   */
  private static function databaseEnvironment(): array {
    $found = [];
    foreach (DatabaseSection::ENVIRONMENT as $name) {
      $value = getenv($name);
      if (is_string($value) && $value !== '') {
        $found[$name] = $value;
      }
    }
    return $found;
  }

  private function fact(string $name, mixed $default): mixed {
    $facts = $this->state->get(self::STATE, []);
    return $facts[$name] ?? $default;
  }

}
