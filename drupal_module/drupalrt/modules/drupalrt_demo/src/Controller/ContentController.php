<?php

declare(strict_types=1);

namespace Drupal\drupalrt_demo\Controller;

use Drupal\Core\Controller\ControllerBase;
use Drupal\node\NodeInterface;

/**
 * The list of content, as it is when the page is made.
 *
 * The same for everyone with the same rights: it stays in the page cache, and
 * the browser keeps it up to date from there.
 */
final class ContentController extends ControllerBase {

  private const LENGTH = 20;

  /**
   * The page.
   *
   * @return array<string, mixed>
   *   A render array.
   */
  public function __invoke(): array {
    $storage = $this->entityTypeManager()->getStorage('node');
    $ids = $storage->getQuery()->accessCheck()->condition('status', NodeInterface::PUBLISHED)
      ->sort('changed', 'DESC')->sort('nid', 'DESC')->range(0, self::LENGTH)->execute();
    $items = array_map($this->item(...), array_values($storage->loadMultiple($ids)));
    return [
      'list' => [
        '#type' => 'html_tag',
        '#tag' => 'ol',
        '#attributes' => ['class' => ['drupalrt-content'], 'data-drupalrt-content' => self::LENGTH],
      ] + $items,
      'empty' => [
        '#type' => 'html_tag',
        '#tag' => 'p',
        '#attributes' => ['class' => ['drupalrt-content-empty']],
        '#value' => $this->t('There is no content yet. It will appear here as soon as somebody creates some.'),
      ],
      '#attached' => ['library' => ['drupalrt_demo/content']],
      '#cache' => [
        'tags' => ['node_list', 'user_list'],
        'contexts' => ['user.node_grants:view', 'user.permissions', 'timezone'],
      ],
    ];
  }

  /**
   * @param \Drupal\node\NodeInterface $node
   *   The content.
   *
   * @return array<string, mixed>
   *   Its line.
   */
  private function item(NodeInterface $node): array {
    $changed = (int) $node->getChangedTime();
    $who = $node->getRevisionUser() ?? $node->getOwner();
    return [
      '#type' => 'html_tag',
      '#tag' => 'li',
      '#attributes' => ['data-id' => $node->id()],
      'title' => $node->toLink()->toRenderable(),
      'note' => [
        '#type' => 'html_tag',
        '#tag' => 'small',
        '#value' => $this->t('@who, <time datetime="@iso">@when</time>', [
          '@who' => $who?->getDisplayName() ?? '',
          '@iso' => gmdate('Y-m-d\TH:i:s\Z', $changed),
          '@when' => date('Y-m-d H:i', $changed),
        ]),
      ],
    ];
  }

}
