<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Core\Entity\EntityTypeManagerInterface;
use Drupal\Core\Extension\ModuleHandlerInterface;

/**
 * Finds out who decides what may be done with a node.
 *
 * The broker reads the tables, and the tables do not say which modules
 * implement hooks. Where one could decide in PHP, the broker has to know that
 * it does not know.
 */
final class NodeDeciders {

  private const HANDLER = 'Drupal\node\NodeAccessControlHandler';

  /**
   * Implementations that say nothing of nodes, or what the broker knows.
   */
  private const KNOWN = [
    'node_access' => ['node'],
    // Of fields of media alone.
    'entity_access' => ['media'],
    'node_grants' => [],
    'node_grants_alter' => [],
  ];

  public function __construct(
    private readonly ModuleHandlerInterface $moduleHandler,
    private readonly EntityTypeManagerInterface $entityTypeManager,
  ) {}

  /**
   * In the words of the site document's `node_access`.
   *
   * @return string
   *   "php": any module; "grants": modules by hook_node_grants alone; "core":
   *   nobody else.
   */
  public function name(): string {
    $node = $this->entityTypeManager->getDefinition('node', FALSE);
    if ($node === NULL || ltrim((string) $node->getHandlerClass('access'), '\\') !== self::HANDLER) {
      return 'php';
    }
    if ($this->others('node_access') !== [] || $this->others('entity_access') !== [] || $this->others('node_grants_alter') !== []) {
      return 'php';
    }
    return $this->others('node_grants') === [] ? 'core' : 'grants';
  }

  /**
   * @return list<string>
   *   Modules that implement the hook besides those that are known.
   */
  private function others(string $hook): array {
    $modules = [];
    $this->moduleHandler->invokeAllWith($hook, static function (callable $implementation, string $module) use (&$modules): void {
      $modules[] = $module;
    });
    return array_values(array_diff($modules, self::KNOWN[$hook]));
  }

}
