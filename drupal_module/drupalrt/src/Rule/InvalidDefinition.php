<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Rule;

/**
 * A namespace or a rule that is not one; the message names file and key.
 */
final class InvalidDefinition extends \InvalidArgumentException {

  /**
   * @param string $where
   *   Such as "chat.drupalrt.yml: namespaces.chat.publish".
   * @param string $what
   *   What is wrong there, and what was expected.
   */
  public static function at(string $where, string $what): self {
    return new self("$where: $what");
  }

}
