<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Hook;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Hook\Attribute\Hook;
use Drupal\Core\Url;
use Drupal\drupalrt\Introduction\Introducer;

/**
 * Gives the browser client the addresses of the broker and of its tokens.
 *
 * The broker's is a setting of the library: it is the same for every visitor,
 * so pages that attach the library stay in every cache, and other pages carry
 * nothing. Those of the tokens depend on the page's language, too.
 */
final class LibraryHooks {

  public function __construct(
    private readonly ConfigFactoryInterface $configFactory,
    private readonly Introducer $introducer,
  ) {}

  /**
   * Implements hook_library_info_alter().
   *
   * @param array<string, array<string, mixed>> $libraries
   *   By name.
   * @param string $extension
   *   Whose they are.
   */
  #[Hook('library_info_alter')]
  public function libraryInfoAlter(array &$libraries, string $extension): void {
    if ($extension === 'drupalrt' && isset($libraries['client'])) {
      $libraries['client']['drupalSettings']['drupalrt']['url'] = (string) $this->configFactory->get('drupalrt.settings')->get('url');
    }
  }

  /**
   * Implements hook_js_settings_alter().
   *
   * @param array<string, mixed> $settings
   *   Of the page.
   */
  #[Hook('js_settings_alter')]
  public function jsSettingsAlter(array &$settings): void {
    if (!isset($settings['drupalrt'])) {
      return;
    }
    $settings['drupalrt']['tokens'] = [
      'subscription' => self::address('drupalrt.token.subscription'),
      'csrf' => self::address('system.csrftoken'),
    ];
    if ($this->introducer->needsTokens()) {
      $settings['drupalrt']['tokens']['connection'] = self::address('drupalrt.token.connection');
    }
  }

  private static function address(string $route): string {
    return Url::fromRoute($route)->toString(TRUE)->getGeneratedUrl();
  }

}
