<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Hook;

use Drupal\Core\Hook\Attribute\Hook;
use Drupal\Core\StringTranslation\StringTranslationTrait;

/**
 * The module's help page.
 */
final class HelpHooks {

  use StringTranslationTrait;

  /**
   * Implements hook_help().
   *
   * @return array<string, mixed>|null
   *   A render array.
   */
  #[Hook('help')]
  public function help(string $route_name): ?array {
    if ($route_name !== 'help.page.drupalrt') {
      return NULL;
    }
    return [
      'about' => ['#markup' => '<p>' . $this->t('Pushes what happens on the site to the browsers that may see it, through a native broker on the same machine. Modules publish events through a service; pages attach the library %library and listen. The status report says whether the broker is there and knows the site.', ['%library' => 'drupalrt/client']) . '</p>'],
    ];
  }

}
