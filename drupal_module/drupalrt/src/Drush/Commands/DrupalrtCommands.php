<?php

declare(strict_types=1);

namespace Drupal\drupalrt\Drush\Commands;

use Drupal\drupalrt\Command\Sync;
use Drush\Attributes as CLI;
use Drush\Commands\AutowireTrait;
use Drush\Commands\DrushCommands;

/**
 * The module's commands for Drush.
 */
final class DrupalrtCommands extends DrushCommands {

  use AutowireTrait;

  public function __construct(private readonly Sync $sync) {
    parent::__construct();
  }

  /**
   * Introduces the site to the broker.
   */
  #[CLI\Command(name: 'drupalrt:sync')]
  #[CLI\Help(description: 'Introduces the site to the broker. Run it as the user who runs the web server\'s PHP.')]
  #[CLI\Usage(name: 'sudo -u www-data drush drupalrt:sync', description: 'Introduces the site as it is now.')]
  public function sync(): int {
    return $this->sync->run($this->output()->writeln(...));
  }

}
