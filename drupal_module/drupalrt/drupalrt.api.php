<?php

/**
 * @file
 * Hooks of the module.
 */

declare(strict_types=1);

use Drupal\Core\Access\AccessResult;
use Drupal\Core\Access\AccessResultInterface;
use Drupal\Core\Session\AccountInterface;

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

/**
 * Decides who may subscribe to a channel that PHP alone can judge.
 *
 * Asked when a page subscribes with { token: true } to a channel, once an hour
 * and browser; the answer becomes a token for that account and channel. It
 * outlives a change of mind: end the subscription then, by the service
 * drupalrt.channels. Nobody is let in unless a module allows it, and one that
 * forbids decides. A token counts whatever the namespace's rule is, so allow
 * only channels of your own.
 *
 * @param string $channel
 *   The channel, as the browser names it: 1 to 255 printable characters.
 * @param \Drupal\Core\Session\AccountInterface $account
 *   Who asks.
 */
function hook_drupalrt_subscription_access(string $channel, AccountInterface $account): AccessResultInterface {
  if (preg_match('/^draft:(\d+)$/D', $channel, $match) !== 1) {
    return AccessResult::neutral();
  }
  $node = \Drupal::entityTypeManager()->getStorage('node')->load($match[1]);
  return $node === NULL ? AccessResult::neutral() : $node->access('update', $account, TRUE);
}
