<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Database\Connection;
use Drupal\Core\Session\SessionConfigurationInterface;
use Drupal\Core\Site\Settings;
use Drupal\drupalrt\Site\InvalidSite;
use Drupal\drupalrt\Site\SiteFacts;
use Symfony\Component\HttpFoundation\Exception\SuspiciousOperationException;
use Symfony\Component\HttpFoundation\Request;

/**
 * Asks Drupal for what the broker has to know.
 */
final class SiteFactsCollector {

  public function __construct(
    private readonly ConfigFactoryInterface $configFactory,
    private readonly SiteIdentity $identity,
    private readonly WebFacts $webFacts,
    private readonly ModuleNamespaces $namespaces,
    private readonly SessionConfigurationInterface $sessionConfiguration,
    private readonly Connection $database,
    private readonly Settings $settings,
    private readonly SessionStoreReader $sessionStore,
    private readonly EffectiveRoles $roles,
    private readonly NodeDeciders $nodeDeciders,
    private readonly string $root,
    private readonly bool $super_user,
  ) {}

  /**
   * Collects the facts as they are now.
   *
   * @throws \Drupal\drupalrt\Site\InvalidSite
   *   If something is missing that only a person can supply.
   * @throws \Drupal\drupalrt\Rule\InvalidDefinition
   *   If a module declares something that is no namespace.
   */
  public function collect(): SiteFacts {
    $config = $this->configFactory->get('drupalrt.settings');
    $hosts = $this->hosts();
    $store = $this->sessionStore->read();
    return new SiteFacts(
      key: $this->identity->key(),
      secret: $this->identity->secret(),
      hosts: $hosts,
      url: (string) $config->get('url'),
      anonymous: (bool) $config->get('anonymous'),
      httpCookies: $this->cookies($hosts, FALSE),
      httpsCookies: $this->cookies($hosts, TRUE),
      sessionHandler: $store->handler,
      serializer: $this->webFacts->serializer(),
      sessionStore: $store->store,
      superUser: $this->super_user,
      database: $this->database->getConnectionOptions(),
      root: $this->root,
      environment: $this->webFacts->environment(),
      roles: $this->roles->all(),
      nodeAccess: $this->nodeDeciders->name(),
      namespaces: $this->namespaces->all(),
      apiKeys: array_values((array) $this->settings->get('drupalrt_api_keys', [])),
    );
  }

  /**
   * The hosts of the site, the configured ones first.
   *
   * @return list<string>
   *   At least one.
   */
  private function hosts(): array {
    $hosts = (array) $this->configFactory->get('drupalrt.settings')->get('hosts');
    $seen = $this->webFacts->host();
    if ($seen !== '' && !in_array($seen, $hosts, TRUE)) {
      $hosts[] = $seen;
    }
    if ($hosts === []) {
      throw new InvalidSite('Nobody has said yet under which host the site runs.');
    }
    return array_values($hosts);
  }

  /**
   * The names of the session cookie, as Drupal itself makes them.
   *
   * @param list<string> $hosts
   *   The site's hosts.
   * @param bool $secure
   *   Whether for https.
   *
   * @return list<string>
   *   In the order of the hosts.
   */
  private function cookies(array $hosts, bool $secure): array {
    $script = $this->webFacts->basePath() . '/index.php';
    $names = [];
    foreach ($hosts as $host) {
      $request = Request::create(($secure ? 'https://' : 'http://') . $host . $script, server: [
        'SCRIPT_NAME' => $script,
        'SCRIPT_FILENAME' => "$this->root/index.php",
      ]);
      try {
        $names[] = (string) $this->sessionConfiguration->getOptions($request)['name'];
      }
      catch (SuspiciousOperationException) {
        throw new InvalidSite("The host \"$host\" is not among the trusted_host_patterns of settings.php.");
      }
    }
    return array_values(array_unique($names));
  }

}
