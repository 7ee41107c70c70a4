<?php

declare(strict_types=1);

namespace Drupal\drupalrt_demo\Hook;

use Drupal\Component\Datetime\TimeInterface;
use Drupal\Core\Hook\Attribute\Hook;
use Drupal\Core\Session\AccountInterface;
use Drupal\drupalrt\Publish\PublisherInterface;
use Drupal\node\NodeInterface;

/**
 * Publishes what happens to content.
 *
 * Whoever has "access content" may listen, so only published content is told
 * of. Sites with finer rights (node access modules) need a channel guarded by
 * tokens instead.
 */
final class ContentHooks {

  public const CHANNEL = 'demo:content';

  public function __construct(
    private readonly PublisherInterface $publisher,
    private readonly AccountInterface $currentUser,
    private readonly TimeInterface $time,
  ) {}

  /**
   * Implements hook_ENTITY_TYPE_insert().
   */
  #[Hook('node_insert')]
  public function nodeInsert(NodeInterface $node): void {
    if ($node->isPublished()) {
      $this->publish('insert', $node);
    }
  }

  /**
   * Implements hook_ENTITY_TYPE_update().
   */
  #[Hook('node_update')]
  public function nodeUpdate(NodeInterface $node): void {
    // A method since Drupal 11.2.
    $original = method_exists($node, 'getOriginal') ? $node->getOriginal() : ($node->original ?? NULL);
    $wasPublished = $original instanceof NodeInterface && $original->isPublished();
    if ($node->isPublished()) {
      $this->publish($wasPublished ? 'update' : 'insert', $node);
    }
    elseif ($wasPublished) {
      $this->publish('delete', $node);
    }
  }

  /**
   * Implements hook_ENTITY_TYPE_delete().
   */
  #[Hook('node_delete')]
  public function nodeDelete(NodeInterface $node): void {
    if ($node->isPublished()) {
      $this->publish('delete', $node);
    }
  }

  private function publish(string $action, NodeInterface $node): void {
    $this->publisher->publish(self::CHANNEL, [
      'action' => $action,
      'id' => (int) $node->id(),
      'title' => (string) $node->label(),
      // A page that withdraws content has taken its address with it.
      'url' => $action === 'delete' ? '' : $node->toUrl()->toString(TRUE)->getGeneratedUrl(),
      'who' => (string) $this->currentUser->getDisplayName(),
      'when' => $this->time->getRequestTime(),
    ]);
  }

}
