<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\Component\Discovery\YamlDiscovery;
use Drupal\Core\Extension\ModuleHandlerInterface;
use Drupal\drupalrt\Rule\NamespaceFile;

/**
 * The channels that modules declare in their MODULE.drupalrt.yml.
 */
final class ModuleNamespaces {

  public function __construct(private readonly ModuleHandlerInterface $moduleHandler) {}

  /**
   * All of them, sorted by name.
   *
   * @return list<\Drupal\drupalrt\Rule\ChannelNamespace>
   *   As declared, and altered by hook_drupalrt_namespaces_alter().
   *
   * @throws \Drupal\drupalrt\Rule\InvalidDefinition
   *   With file and key, if one of them is no namespace.
   */
  public function all(): array {
    $discovery = new YamlDiscovery('drupalrt', $this->moduleHandler->getModuleDirectories());
    $files = [];
    foreach ($discovery->findAll() as $module => $content) {
      $files["$module.drupalrt.yml"] = $content;
    }
    $this->moduleHandler->alter('drupalrt_namespaces', $files);
    return NamespaceFile::readAll($files);
  }

}
