<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Site;

use Drupal\drupalrt\Link\Link;

/**
 * The broker's list of sites, as seen from one of them.
 *
 * The broker keeps sites by the system user that registered them: whoever
 * registers from a command line has to run it as the web server's user.
 */
final class SiteRegistry {

  public function __construct(private readonly Link $link) {}

  /**
   * Introduces a site, or replaces what the broker knows of it.
   *
   * @throws \Drupal\drupalrt\Link\LinkError
   */
  public function introduce(SiteDocument $document): Registration {
    return Registration::fromAnswer($this->link->call('site', ['document' => $document->toArray()]));
  }

  /**
   * Makes the broker forget a site with its credentials.
   *
   * @throws \Drupal\drupalrt\Link\LinkError
   */
  public function remove(string $key, #[\SensitiveParameter] string $secret): void {
    $this->link->call('site', ['remove' => $key, 'secret' => $secret]);
  }

  /**
   * Tells what has to be looked at again.
   *
   * @throws \Drupal\drupalrt\Link\LinkError
   */
  public function notify(string $key, #[\SensitiveParameter] string $secret, Notice $notice): void {
    if (!$notice->isEmpty()) {
      $this->link->call('site', ['notice' => $notice->toArray(), 'key' => $key, 'secret' => $secret]);
    }
  }

  /**
   * What the broker knows of a site.
   *
   * @return \Drupal\drupalrt\Site\Registration|null
   *   NULL if this user registered no such site.
   *
   * @throws \Drupal\drupalrt\Link\LinkError
   */
  public function find(string $key): ?Registration {
    $sites = $this->link->call('site')['sites'] ?? [];
    foreach (is_array($sites) ? $sites : [] as $site) {
      if (is_array($site) && ($site['key'] ?? NULL) === $key) {
        return Registration::fromAnswer($site);
      }
    }
    return NULL;
  }

}
