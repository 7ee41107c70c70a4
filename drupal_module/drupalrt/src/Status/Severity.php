<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Status;

use Drupal\Core\Extension\Requirement\RequirementSeverity;

/**
 * How bad a row of the status report is.
 */
enum Severity: int {

  case Info = -1;
  case OK = 0;
  case Warning = 1;
  case Error = 2;

  /**
   * The same as this Drupal has it: an enum since 11.2, whose numbers are ours.
   */
  public function ofDrupal(): mixed {
    return enum_exists(RequirementSeverity::class) ? RequirementSeverity::from($this->value) : $this->value;
  }

}
