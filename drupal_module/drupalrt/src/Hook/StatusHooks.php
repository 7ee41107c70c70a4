<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Hook;

use Drupal\Core\Hook\Attribute\Hook;
use Drupal\drupalrt\Status\StatusReport;

/**
 * The row of the status report.
 */
final class StatusHooks {

  public function __construct(private readonly StatusReport $report) {}

  /**
   * Implements hook_runtime_requirements().
   *
   * @return array<string, array<string, mixed>>
   *   One row.
   */
  #[Hook('runtime_requirements')]
  public function runtimeRequirements(): array {
    return ['drupalrt' => $this->report->row()];
  }

}
