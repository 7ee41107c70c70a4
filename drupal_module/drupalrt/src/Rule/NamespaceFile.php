<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Rule;

/**
 * Reads what MODULE.drupalrt.yml files declare.
 *
 * A file has one key, "namespaces", a mapping of names to rules and options:
 * @code
 * namespaces:
 *   chat:
 *     subscribe: logged-in
 *     publish: { permission: 'post comments' }
 *     history_size: 100
 *     history_ttl: 300s
 * @endcode
 */
final class NamespaceFile {

  /**
   * Reads one parsed file.
   *
   * @param mixed $content
   *   What the YAML parser made of it; empty declares nothing.
   * @param string $file
   *   Its name, for messages.
   *
   * @return list<\Drupal\drupalrt\Rule\ChannelNamespace>
   *   In the order of the file.
   *
   * @throws \Drupal\drupalrt\Rule\InvalidDefinition
   */
  public static function read(mixed $content, string $file): array {
    if ($content === NULL || $content === []) {
      return [];
    }
    if (!is_array($content)) {
      throw InvalidDefinition::at($file, 'expected a mapping with the key "namespaces"');
    }
    foreach (array_keys($content) as $key) {
      if ($key !== 'namespaces') {
        throw InvalidDefinition::at($file, Suggestion::unknownKey((string) $key, ['namespaces']));
      }
    }
    $declared = $content['namespaces'] ?? [];
    if (!is_array($declared) || ($declared !== [] && array_is_list($declared))) {
      throw InvalidDefinition::at("$file: namespaces", 'expected a mapping of names to rules and options');
    }
    $namespaces = [];
    foreach ($declared as $name => $definition) {
      $namespaces[] = ChannelNamespace::fromDefinition((string) $name, $definition, "$file: namespaces.$name");
    }
    return $namespaces;
  }

  /**
   * Reads several parsed files; a name that two declare is a mistake.
   *
   * @param array<string, mixed> $contents
   *   Parsed contents by file name.
   *
   * @return list<\Drupal\drupalrt\Rule\ChannelNamespace>
   *   Sorted by name.
   *
   * @throws \Drupal\drupalrt\Rule\InvalidDefinition
   */
  public static function readAll(array $contents): array {
    $namespaces = $declaredIn = [];
    foreach ($contents as $file => $content) {
      foreach (self::read($content, $file) as $namespace) {
        $name = $namespace->name;
        if (isset($declaredIn[$name])) {
          throw InvalidDefinition::at("$file: namespaces.$name", "{$declaredIn[$name]} declares it already");
        }
        $declaredIn[$name] = $file;
        $namespaces[$name] = $namespace;
      }
    }
    ksort($namespaces, SORT_STRING);
    return array_values($namespaces);
  }

}
