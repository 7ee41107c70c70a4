<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite;

use Drupalrt\SampleSite\Notes\Note;

/**
 * What can be done from a command line; a save there changes open pages, too.
 */
final class Console {

  private const USAGE = <<<'TEXT'
    Usage: php demo/console COMMAND

      install             make the database, unless it is there
      note:save TITLE [TEXT]
                          save a note as the editor
      note:save --rollback TITLE
                          save a note and take it back: no page hears of it
      line:clear          send everybody home who waits in line
      site:sync           introduce the site to the broker
      site:document       print what the broker is told
      status              what the extension says of the broker

    TEXT;

  private Services $services;

  /**
   * @param list<string> $arguments
   *
   * @return int
   *   0 done, 1 failed, 2 wrong usage.
   */
  public function run(array $arguments): int {
    $command = array_shift($arguments) ?? '';
    $methods = [
      'install' => $this->install(...),
      'note:save' => $this->saveNote(...),
      'line:clear' => $this->clearLine(...),
      'site:sync' => $this->sync(...),
      'site:document' => $this->document(...),
      'status' => $this->status(...),
    ];
    if (!isset($methods[$command])) {
      fwrite(STDERR, self::USAGE);
      return $command === '' ? 0 : 2;
    }
    try {
      $this->services = new Services();
      $this->services->install();
      return $methods[$command]($arguments);
    }
    catch (\RuntimeException $e) {
      fwrite(STDERR, $e->getMessage() . "\n");
      return 1;
    }
  }

  private function install(): int {
    echo "The sample site is in {$this->services->settings->stateDir}.\n";
    return 0;
  }

  /**
   * @param list<string> $arguments
   */
  private function saveNote(array $arguments): int {
    $rollback = ($arguments[0] ?? '') === '--rollback';
    if ($rollback) {
      array_shift($arguments);
    }
    [$title, $body] = $arguments + ['', ''];
    $objection = Note::objection($title, $body);
    if ($objection !== '') {
      fwrite(STDERR, "$objection\n" . self::USAGE);
      return 2;
    }
    $editor = (int) array_search('editor', $this->services->accounts->names(), TRUE);
    $account = $this->services->accounts->load($editor);
    try {
      $event = $this->services->database->transaction(function () use ($account, $title, $body, $rollback): array {
        $event = $this->services->notes->insert($account, $title, $body);
        return $rollback ? throw new \DomainException('rolled back') : $event;
      });
    }
    catch (\DomainException) {
      echo "Rolled back; nothing was saved and nothing was said.\n";
      return 0;
    }
    echo "Saved note {$event['note']->id}.\n";
    return 0;
  }

  private function clearLine(): int {
    $this->services->line->clear();
    echo "Nobody waits in line.\n";
    return 0;
  }

  private function sync(): int {
    $problem = $this->services->site->introduce();
    if ($problem !== '') {
      fwrite(STDERR, "$problem\n");
      return 1;
    }
    echo "The broker knows the site.\n";
    return 0;
  }

  private function document(): int {
    echo json_encode($this->services->site->document(), JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
    return 0;
  }

  private function status(): int {
    if (!function_exists('drupalrt_status')) {
      fwrite(STDERR, "The extension drupalrt is not loaded.\n");
      return 1;
    }
    echo json_encode(drupalrt_status(), JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
    return 0;
  }

}
