<?php

/**
 * @file
 * Hooks of the module.
 */

declare(strict_types=1);

/**
 * Alters the namespaces of channels that modules declare.
 *
 * @param array<string, mixed> $files
 *   What the modules' MODULE.drupalrt.yml say, by file name.
 */
function hook_drupalrt_namespaces_alter(array &$files): void {
  // This site's chat is for members alone.
  $files['chat.drupalrt.yml']['namespaces']['chat']['subscribe'] = ['role' => 'member'];
}
