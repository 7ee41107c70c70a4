<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite;

/**
 * Where this copy of the sample site lives and which broker serves it.
 *
 * Read from the environment once per process; the two secrets are made at first
 * use and kept in the state folder, readable by its owner alone.
 */
final class Settings {

  /**
   * Sessions are rows of Drupal's table; else `redis` or `memcached`, by PHP's
   * own handler of that name, with the path that it is given.
   */
  public const IN_DATABASE = 'database';

  public function __construct(
    public readonly string $stateDir,
    public readonly string $dsn,
    public readonly string $siteUrl,
    public readonly string $brokerUrl,
    public readonly string $clientScript,
    public readonly string $password = 'demo',
    public readonly int $hashCost = 10,
    public readonly string $sessions = self::IN_DATABASE,
    #[\SensitiveParameter] public readonly string $sessionPath = '',
  ) {}

  /**
   * Everything has a default, so that a bare `php demo/console` works too.
   */
  public static function fromEnvironment(): self {
    $root = dirname(__DIR__, 2);
    $state = self::env('DEMO_STATE') ?? "$root/out/demo/state";
    return new self(
      stateDir: $state,
      dsn: self::env('DEMO_DSN') ?? "sqlite:$state/site.sqlite",
      siteUrl: rtrim(self::env('DEMO_URL') ?? 'http://127.0.0.1:8080', '/'),
      brokerUrl: rtrim(self::env('DEMO_BROKER_URL') ?? 'http://127.0.0.1:8000', '/'),
      clientScript: self::env('DEMO_CLIENT_JS') ?? "$root/drupal_module/drupalrt/js/dist/drupalrt.js",
      sessions: self::env('DEMO_SESSIONS') ?? self::IN_DATABASE,
      sessionPath: self::env('DEMO_SESSION_PATH') ?? '',
    );
  }

  /**
   * The secret that signs form tokens and the site's own tokens.
   */
  public function secret(): string {
    return $this->kept('secret');
  }

  /**
   * The key with which the site's owner may use the broker's HTTP API.
   */
  public function apiKey(): string {
    return $this->kept('api-key');
  }

  /**
   * The Host header values under which the site answers; the main one first.
   *
   * @return list<string>
   */
  public function hosts(): array {
    $host = (string) parse_url($this->siteUrl, PHP_URL_HOST);
    $port = parse_url($this->siteUrl, PHP_URL_PORT);
    $suffix = $port ? ":$port" : '';
    // A person types either name of the own machine.
    $names = in_array($host, ['127.0.0.1', 'localhost'], TRUE)
      ? array_unique([$host, '127.0.0.1', 'localhost'])
      : [$host];
    return array_values(array_map(static fn (string $name): string => $name . $suffix, $names));
  }

  /**
   * The database in the words of Drupal's $databases.
   *
   * @return array<string, string>
   */
  public function database(): array {
    [$driver, $rest] = explode(':', $this->dsn, 2) + ['', ''];
    if ($driver === 'sqlite') {
      return ['driver' => 'sqlite', 'database' => realpath($rest) ?: $rest];
    }
    $parts = [];
    foreach (explode(';', $rest) as $part) {
      [$name, $value] = explode('=', $part, 2) + ['', ''];
      $parts[$name] = $value;
    }
    return array_filter([
      'driver' => $driver,
      'host' => $parts['host'] ?? '',
      'port' => $parts['port'] ?? '',
      'unix_socket' => $parts['unix_socket'] ?? '',
      'database' => $parts['dbname'] ?? '',
      'username' => self::env('DEMO_DB_USER') ?? '',
      'password' => self::env('DEMO_DB_PASSWORD') ?? '',
    ], static fn (string $part): bool => $part !== '');
  }

  private static function env(string $name): ?string {
    $value = getenv($name);
    return $value === FALSE || $value === '' ? NULL : $value;
  }

  /**
   * A random value that is made once and then stays.
   */
  private function kept(string $name): string {
    $file = "$this->stateDir/$name";
    if (!is_file($file)) {
      if (!is_dir($this->stateDir)) {
        @mkdir($this->stateDir, 0700, TRUE);
      }
      // Written aside and linked, so that two first requests agree on one.
      $aside = tempnam($this->stateDir, $name);
      if ($aside === FALSE) {
        throw new \RuntimeException("The state folder $this->stateDir cannot be written.");
      }
      file_put_contents($aside, bin2hex(random_bytes(32)));
      chmod($aside, 0600);
      @link($aside, $file);
      unlink($aside);
    }
    $value = file_get_contents($file);
    if ($value === FALSE || strlen($value) < 32) {
      throw new \RuntimeException("$file holds no secret.");
    }
    return $value;
  }

}
