<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite;

use Drupalrt\SampleSite\Account\Accounts;
use Drupalrt\SampleSite\Account\Roles;
use Drupalrt\SampleSite\Database\Connection;
use Drupalrt\SampleSite\Database\Schema;

/**
 * Fills an empty database: tables, roles, accounts named by role, three notes.
 */
final class Install {

  /**
   * The accounts in the order they are offered, with what each may do.
   */
  public const ACCOUNTS = [
    'admin' => [['administrator'], 'may do all, and sees who is here under People'],
    'editor' => [['editor'], 'saves and edits every note'],
    'member' => [[], 'writes notes and chats, waits in line'],
    'agent' => [['agent'], 'serves the waiting line'],
    'second member' => [[], 'somebody else to chat with'],
  ];

  public function __construct(
    private readonly Connection $database,
    private readonly Settings $settings,
    private readonly Accounts $accounts,
    private readonly Roles $roles,
  ) {}

  /**
   * Does nothing where the site is there already.
   *
   * @return bool
   *   Whether it was installed just now.
   */
  public function run(): bool {
    $lock = fopen($this->settings->stateDir . '/install.lock', 'c');
    if ($lock === FALSE || !flock($lock, LOCK_EX)) {
      throw new \RuntimeException("The state folder {$this->settings->stateDir} cannot be written.");
    }
    try {
      if (Schema::exists($this->database)) {
        return FALSE;
      }
      $this->database->transaction($this->fill(...));
      return TRUE;
    }
    finally {
      fclose($lock);
    }
  }

  private function fill(): void {
    Schema::create($this->database);
    $member = ['access content', 'post comments', 'create note content', 'edit own note content', 'join waiting line'];
    $this->roles->create('anonymous', 'Anonymous user', 0, FALSE, ['access content']);
    $this->roles->create('authenticated', 'Authenticated user', 1, FALSE, $member);
    $this->roles->create('editor', 'Editor', 2, FALSE, ['edit any note content']);
    $this->roles->create('agent', 'Agent', 3, FALSE, ['serve waiting line']);
    $this->roles->create('administrator', 'Administrator', 4, TRUE, []);

    $this->accounts->createAnonymous();
    foreach (self::ACCOUNTS as $name => [$roles]) {
      $this->accounts->create($name, $this->settings->password, $roles);
    }
    $this->accounts->create('blocked', $this->settings->password, [], FALSE);

    $editor = (int) array_search('editor', $this->accounts->names(), TRUE);
    $notes = [
      ['Welcome', 'Open this page in two browsers, sign in as two people, and save something in one of them.'],
      ['From the command line, too', 'php demo/console note:save "A title" saves from a script; this page changes all the same.'],
      ['Nothing is polled', 'No page asks PHP whether something is new. PHP tells the broker once, after the commit, and the broker tells every page.'],
    ];
    $now = time();
    foreach (array_reverse($notes) as $i => [$title, $body]) {
      $this->database->insert('demo_note', [
        'title' => $title,
        'body' => $body,
        'uid' => $editor,
        'created' => $now,
        'changed' => $now,
        'changed_by' => $editor,
        'revision' => $i + 1,
      ]);
    }
    $this->database->insert('demo_counter', ['name' => 'notes', 'value' => count($notes)]);
    $this->database->insert('demo_counter', ['name' => 'line', 'value' => 0]);
  }

}
