<?php

declare(strict_types=1);

namespace Drupal\drupalrt\EventSubscriber;

use Drupal\Core\Asset\LibraryDiscoveryInterface;
use Drupal\Core\Cache\CacheTagsInvalidatorInterface;
use Drupal\Core\Config\ConfigCrudEvent;
use Drupal\Core\Config\ConfigEvents;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;

/**
 * Has pages made anew that carry the broker's address when that changes.
 */
final class AddressChange implements EventSubscriberInterface {

  public function __construct(
    private readonly LibraryDiscoveryInterface $libraryDiscovery,
    private readonly CacheTagsInvalidatorInterface $cacheTagsInvalidator,
  ) {}

  /**
   * {@inheritdoc}
   */
  public static function getSubscribedEvents(): array {
    return [ConfigEvents::SAVE => 'onSave'];
  }

  /**
   * Clears what holds the address; rare enough to clear all that is rendered.
   */
  public function onSave(ConfigCrudEvent $event): void {
    if ($event->getConfig()->getName() === 'drupalrt.settings' && $event->isChanged('url')) {
      $this->libraryDiscovery->clearCachedDefinitions();
      $this->cacheTagsInvalidator->invalidateTags(['library_info', 'rendered']);
    }
  }

}
