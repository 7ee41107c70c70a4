<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Status;

use Drupal\Core\StringTranslation\TranslatableMarkup;

/**
 * One thing that is wrong, and what to do about it.
 */
final class Finding {

  /**
   * @param \Drupal\Core\StringTranslation\TranslatableMarkup $what
   *   In a few words, for the row's value.
   * @param \Drupal\Core\StringTranslation\TranslatableMarkup $remedy
   *   What to do.
   */
  public function __construct(
    public readonly TranslatableMarkup $what,
    public readonly TranslatableMarkup $remedy,
  ) {}

}
