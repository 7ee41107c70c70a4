<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Hook;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Hook\Attribute\Hook;

/**
 * Gives the browser client the broker's address.
 *
 * As a setting of the library: it is the same for every visitor, so pages that
 * attach the library stay in every cache, and other pages carry nothing.
 */
final class LibraryHooks {

  public function __construct(private readonly ConfigFactoryInterface $configFactory) {}

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

}
