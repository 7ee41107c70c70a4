<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Tests;

use Drupal\drupalrt\Link\RecordingLink;
use Drupal\drupalrt\Publish\RecordingTransport;
use Drupalrt\SampleSite\Account\Account;
use Drupalrt\SampleSite\Services;
use Drupalrt\SampleSite\Settings;
use PHPUnit\Framework\TestCase;

/**
 * A freshly installed site in a folder of its own, with a broker that records.
 */
abstract class SampleSiteTestCase extends TestCase {

  protected Services $site;

  protected RecordingTransport $told;

  protected RecordingLink $link;

  private string $folder;

  protected function setUp(): void {
    $this->folder = sys_get_temp_dir() . '/sample-site-' . bin2hex(random_bytes(6));
    $this->told = new RecordingTransport();
    $this->link = new RecordingLink(static fn (): array => ['key' => 'demo', 'native_login' => TRUE]);
    $this->site = $this->services();
    $this->site->install();
  }

  protected function tearDown(): void {
    unset($this->site);
    $entries = new \RecursiveIteratorIterator(
      new \RecursiveDirectoryIterator($this->folder, \FilesystemIterator::SKIP_DOTS),
      \RecursiveIteratorIterator::CHILD_FIRST,
    );
    foreach ($entries as $entry) {
      $entry->isDir() ? rmdir($entry->getPathname()) : unlink($entry->getPathname());
    }
    rmdir($this->folder);
  }

  /**
   * The site as another request of another process has it.
   */
  protected function services(): Services {
    return new Services($this->settings(), $this->told, $this->link);
  }

  protected function settings(): Settings {
    return new Settings(
      $this->folder,
      "sqlite:$this->folder/site.sqlite",
      'http://127.0.0.1:8080',
      'http://127.0.0.1:8000',
      "$this->folder/none.js",
      // As cheap as bcrypt gets: every test makes six accounts.
      hashCost: 4,
    );
  }

  protected function account(string $name): Account {
    return $this->site->accounts->load((int) array_search($name, $this->site->accounts->names(), TRUE));
  }

}
