<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Introduction;

use Drupal\drupalrt\Site\Registration;

/**
 * What came of an introduction.
 */
final class Outcome {

  /**
   * @param \Drupal\drupalrt\Site\Registration|null $registration
   *   What the broker said; NULL: it was not asked, or refused.
   * @param string $problem
   *   Why; empty where there is none.
   */
  private function __construct(
    public readonly ?Registration $registration,
    public readonly string $problem,
  ) {}

  /**
   * The broker knows the site.
   */
  public static function registered(Registration $registration): self {
    return new self($registration, '');
  }

  /**
   * The broker does not know the site, or not as it is now.
   */
  public static function failed(string $problem): self {
    return new self(NULL, $problem);
  }

  /**
   * Whether the broker knows the site as it is now.
   */
  public function isRegistered(): bool {
    return $this->registration !== NULL;
  }

}
