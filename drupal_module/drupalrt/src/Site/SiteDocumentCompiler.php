<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

use Drupal\drupalrt\Rule\ChannelNamespace;

/**
 * Makes the site document out of what is known of a site.
 *
 * The broker refuses a document with a mistake as a whole; so mistakes are
 * found here, where someone can be told of them in the site's own words.
 */
final class SiteDocumentCompiler {

  public const VERSION = 1;

  /**
   * Makes the document; equal facts make an equal one, to the byte.
   *
   * @throws \Drupal\drupalrt\Site\InvalidSite
   */
  public function compile(SiteFacts $facts): SiteDocument {
    $this->checkIdentity($facts);
    $identity = ['version' => self::VERSION, 'key' => $facts->key, 'secret' => $facts->secret];
    $rest = [
      'api_keys' => array_values($facts->apiKeys),
      'hosts' => $this->hosts($facts->hosts),
      'origins' => $this->origins($facts->origins),
      'url' => $this->url($facts->url),
      'anonymous' => $facts->anonymous,
      'cookies' => $this->cookies($facts),
      'schema' => $facts->schema,
      'session' => $this->session($facts),
      'super_user' => $facts->superUser,
      'database' => DatabaseSection::fromDrupal($facts->database, $facts->root, $facts->environment),
      'roles' => $this->roles($facts->roles),
      'node_access' => $facts->nodeAccess,
      'namespaces' => array_map(static fn (ChannelNamespace $namespace): array => $namespace->jsonSerialize(), array_values($facts->namespaces)),
      'figures_channel' => $facts->figuresChannel,
    ];
    // What is empty is left out, and the broker's default holds.
    return new SiteDocument($identity + array_filter($rest, static fn (mixed $value): bool => $value !== NULL && $value !== [] && $value !== ''));
  }

  private function checkIdentity(SiteFacts $facts): void {
    if (preg_match('/^[A-Za-z0-9._-]{1,64}$/D', $facts->key) !== 1) {
      throw new InvalidSite('The key "' . $facts->key . '" is none: expected 1 to 64 letters, digits, dots, underscores or dashes.');
    }
    if (strlen($facts->secret) < 32) {
      throw new InvalidSite('The secret has ' . strlen($facts->secret) . ' characters; at least 32 are needed.');
    }
    if (!in_array($facts->schema, [7, 10], TRUE)) {
      throw new InvalidSite("The schema $facts->schema is unknown; expected 7 or 10.");
    }
  }

  /**
   * @param array<string> $hosts
   *   As the site knows them.
   *
   * @return list<string>
   *   Lower case, each once, the main one first.
   */
  private function hosts(array $hosts): array {
    $clean = [];
    foreach ($hosts as $host) {
      $host = strtolower(trim($host));
      if (preg_match('/^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/D', $host) !== 1) {
        throw new InvalidSite("\"$host\" is no host; expected a name such as example.com or example.com:8443.");
      }
      $clean[$host] = $host;
    }
    if ($clean === []) {
      throw new InvalidSite('A site needs at least one host.');
    }
    return array_values($clean);
  }

  /**
   * @param array<string> $origins
   *   As the site knows them.
   *
   * @return list<string>
   *   Each once.
   */
  private function origins(array $origins): array {
    $clean = [];
    foreach ($origins as $origin) {
      $origin = strtolower(rtrim(trim($origin), '/'));
      if (preg_match('#^https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$#D', $origin) !== 1) {
        throw new InvalidSite("\"$origin\" is no origin; expected scheme and host, such as https://example.com.");
      }
      $clean[$origin] = $origin;
    }
    return array_values($clean);
  }

  private function url(string $url): string {
    if ($url !== '' && preg_match('#^(https?|wss?)://[^\s/]+(/\S*)?$|^/[^/\s]\S*$#D', $url) !== 1) {
      throw new InvalidSite("\"$url\" is no address of a broker; expected one such as https://example.com/drupalrt, or a path.");
    }
    return rtrim($url, '/');
  }

  /**
   * @return array<string, list<string>>
   *   Names by scheme.
   */
  private function cookies(SiteFacts $facts): array {
    return array_filter([
      'http' => array_values(array_unique($facts->httpCookies)),
      'https' => array_values(array_unique($facts->httpsCookies)),
    ]);
  }

  /**
   * @return array<string, mixed>
   *   Who keeps sessions, and where.
   */
  private function session(SiteFacts $facts): array {
    $session = ['handler' => $facts->sessionHandler, 'serializer' => $facts->serializer];
    return $facts->sessionStore === [] ? $session : $session + ['store' => $facts->sessionStore];
  }

  /**
   * @param array<string, array{admin: bool, permissions: array<string>}>|null $roles
   *   What each role grants.
   *
   * @return object|null
   *   Sorted, by the roles' ids.
   */
  private function roles(?array $roles): ?object {
    if ($roles === NULL) {
      return NULL;
    }
    $clean = [];
    foreach ($roles as $id => $role) {
      $permissions = array_values(array_unique($role['permissions']));
      sort($permissions, SORT_STRING);
      $clean[$id] = ['admin' => $role['admin'], 'permissions' => $permissions];
    }
    ksort($clean, SORT_STRING);
    // An object even where it is empty, or the ids look like a list's.
    return (object) $clean;
  }

}
