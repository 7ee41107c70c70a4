<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Access;

use Drupal\Core\Access\AccessResult;
use Drupal\Core\Access\AccessResultInterface;
use Drupal\Core\Extension\ModuleHandlerInterface;
use Drupal\Core\Session\AccountInterface;

/**
 * Asks the modules who may subscribe to a channel that needs a token.
 *
 * As with entities: one that forbids decides, else one that allows does, and
 * where nobody says anything nobody gets in.
 */
final class SubscriptionAccess {

  public function __construct(private readonly ModuleHandlerInterface $moduleHandler) {}

  /**
   * What the implementations of hook_drupalrt_subscription_access() say.
   */
  public function check(string $channel, AccountInterface $account): AccessResultInterface {
    $results = $this->moduleHandler->invokeAll('drupalrt_subscription_access', [$channel, $account]);
    return array_reduce(
      $results,
      static fn (AccessResultInterface $all, AccessResultInterface $one): AccessResultInterface => $all->orIf($one),
      AccessResult::neutral(),
    );
  }

}
