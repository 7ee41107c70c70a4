<?php

declare(strict_types=1);

namespace Drupal\drupalrt\EventSubscriber;

use Drupal\Core\Session\AccountInterface;
use Drupal\Core\Session\SessionConfigurationInterface;
use Drupal\drupalrt\Introduction\WebFacts;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;
use Symfony\Component\HttpKernel\Event\TerminateEvent;
use Symfony\Component\HttpKernel\KernelEvents;

/**
 * Introduces the site when an administrator comes by, where it failed before.
 *
 * A module that was enabled on a command line is introduced by the first page
 * that an administrator looks at, after that page is sent.
 */
final class PendingIntroduction implements EventSubscriberInterface {

  private const PATIENCE_SECONDS = 60;

  /**
   * @param \Closure(): \Drupal\drupalrt\Introduction\Introducer $introducer
   *   Made only where it is needed.
   * @param \Drupal\Core\Session\SessionConfigurationInterface $sessionConfiguration
   *   Knows whether somebody may be logged in.
   * @param \Drupal\Core\Session\AccountInterface $currentUser
   *   Who it is.
   */
  public function __construct(
    private readonly \Closure $introducer,
    private readonly SessionConfigurationInterface $sessionConfiguration,
    private readonly AccountInterface $currentUser,
  ) {}

  /**
   * {@inheritdoc}
   */
  public static function getSubscribedEvents(): array {
    return [KernelEvents::TERMINATE => 'onTerminate'];
  }

  /**
   * Tries again, a while after the last attempt.
   */
  public function onTerminate(TerminateEvent $event): void {
    if (!WebFacts::isWeb() || !$this->sessionConfiguration->hasSession($event->getRequest())) {
      return;
    }
    if (!$this->currentUser->hasPermission('administer drupalrt')) {
      return;
    }
    $introducer = ($this->introducer)();
    if ($introducer->isPending(self::PATIENCE_SECONDS)) {
      $introducer->introduce();
    }
  }

}
