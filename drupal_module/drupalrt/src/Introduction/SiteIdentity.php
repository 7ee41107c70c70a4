<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Component\Utility\Crypt;
use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Site\Settings;
use Drupal\Core\State\StateInterface;
use Drupal\drupalrt\Link\SiteExtension;

/**
 * By what the broker knows this site: its key and its secret.
 *
 * The secret is made once and kept in the state. A copy of the database is the
 * same site to the broker; one that runs beside the original on one machine
 * needs a key of its own, such as
 * @code
 * $settings['drupalrt_key'] = 'staging';
 * $settings['drupalrt_secret'] = '…';
 * @endcode
 */
final class SiteIdentity {

  private const SECRET = 'drupalrt.secret';

  public function __construct(
    private readonly ConfigFactoryInterface $configFactory,
    private readonly StateInterface $state,
    private readonly Settings $settings,
    private readonly string $site_path,
  ) {}

  /**
   * The key: from settings.php, the configuration, or derived from the site.
   */
  public function key(): string {
    $key = (string) $this->settings->get('drupalrt_key', '');
    if ($key === '') {
      $key = (string) $this->configFactory->get('drupalrt.settings')->get('key');
    }
    return $key !== '' ? $key : $this->derivedKey();
  }

  /**
   * The key where nobody chose one; not of the path, which deployments change.
   */
  public function derivedKey(): string {
    $uuid = (string) $this->configFactory->get('system.site')->get('uuid');
    return 'drupal-' . substr(hash('sha256', "$uuid $this->site_path"), 0, 16);
  }

  /**
   * The secret; made at first use.
   */
  public function secret(): string {
    $secret = (string) $this->settings->get('drupalrt_secret', '');
    if ($secret === '') {
      $secret = (string) $this->state->get(self::SECRET, '');
    }
    if ($secret === '') {
      $secret = Crypt::randomBytesBase64(32);
      $this->state->set(self::SECRET, $secret);
    }
    return $secret;
  }

  /**
   * The extension's functions, asked in the name of this site.
   */
  public function extension(): SiteExtension {
    return new SiteExtension($this->key(), $this->secret());
  }

  /**
   * Forgets the secret: what it signed is void once the site is removed.
   */
  public function forget(): void {
    $this->state->delete(self::SECRET);
  }

}
