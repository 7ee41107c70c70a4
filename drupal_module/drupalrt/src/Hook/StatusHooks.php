<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Hook;

use Drupal\Core\Hook\Attribute\Hook;
use Drupal\drupalrt\Status\LoginReport;
use Drupal\drupalrt\Status\StatusReport;

/**
 * The rows of the status report.
 */
final class StatusHooks {

  public function __construct(
    private readonly StatusReport $report,
    private readonly LoginReport $login,
  ) {}

  /**
   * Implements hook_runtime_requirements().
   *
   * @return array<string, array<string, mixed>>
   *   By name.
   */
  #[Hook('runtime_requirements')]
  public function runtimeRequirements(): array {
    return ['drupalrt' => $this->report->row()] + $this->login->rows();
  }

}
