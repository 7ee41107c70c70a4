<?php

declare(strict_types=1);

namespace Drupalrt\SampleSite\Database;

/**
 * The tables: people, roles and sessions exactly as Drupal 10 lays them out, and
 * the sample site's own, which start with `demo_`.
 */
final class Schema {

  private const TYPES = [
    'sqlite' => [
      'SERIAL' => 'INTEGER PRIMARY KEY AUTOINCREMENT',
      'BLOB' => 'BLOB',
      'NAME' => 'COLLATE NOCASE_UTF8',
      'UINT' => 'INTEGER',
      'BIG' => 'INTEGER',
      'TINY' => 'INTEGER',
    ],
    'mysql' => [
      'SERIAL' => 'INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY',
      'BLOB' => 'LONGBLOB',
      'NAME' => '',
      'UINT' => 'INT UNSIGNED',
      'BIG' => 'BIGINT',
      'TINY' => 'TINYINT',
    ],
    'pgsql' => [
      'SERIAL' => 'SERIAL PRIMARY KEY',
      'BLOB' => 'BYTEA',
      'NAME' => '',
      'UINT' => 'BIGINT',
      'BIG' => 'BIGINT',
      'TINY' => 'SMALLINT',
    ],
  ];

  private const TABLES = [
    'sessions' => <<<'SQL'
      uid [UINT] NOT NULL,
      sid VARCHAR(128) NOT NULL,
      hostname VARCHAR(128) NOT NULL DEFAULT '',
      timestamp [BIG] NOT NULL DEFAULT 0,
      session [BLOB] NULL DEFAULT NULL,
      PRIMARY KEY (sid)
      SQL,
    'users' => <<<'SQL'
      uid [SERIAL],
      uuid VARCHAR(128) [NAME] NOT NULL,
      langcode VARCHAR(12) NOT NULL
      SQL,
    'users_field_data' => <<<'SQL'
      uid [UINT] NOT NULL,
      langcode VARCHAR(12) NOT NULL,
      preferred_langcode VARCHAR(12) NULL DEFAULT NULL,
      preferred_admin_langcode VARCHAR(12) NULL DEFAULT NULL,
      name VARCHAR(60) [NAME] NOT NULL,
      pass VARCHAR(255) [NAME] NULL DEFAULT NULL,
      mail VARCHAR(254) NULL DEFAULT NULL,
      timezone VARCHAR(32) [NAME] NULL DEFAULT NULL,
      status [TINY] NULL DEFAULT NULL,
      created INTEGER NOT NULL,
      changed INTEGER NULL DEFAULT NULL,
      access INTEGER NOT NULL,
      login INTEGER NULL DEFAULT NULL,
      init VARCHAR(254) NULL DEFAULT NULL,
      default_langcode [TINY] NOT NULL,
      PRIMARY KEY (uid, langcode)
      SQL,
    'user__roles' => <<<'SQL'
      bundle VARCHAR(128) NOT NULL DEFAULT '',
      deleted [TINY] NOT NULL DEFAULT 0,
      entity_id [UINT] NOT NULL,
      revision_id [UINT] NOT NULL,
      langcode VARCHAR(32) NOT NULL DEFAULT '',
      delta [UINT] NOT NULL,
      roles_target_id VARCHAR(255) NOT NULL,
      PRIMARY KEY (entity_id, deleted, delta, langcode)
      SQL,
    'config' => <<<'SQL'
      collection VARCHAR(255) NOT NULL DEFAULT '',
      name VARCHAR(255) NOT NULL DEFAULT '',
      data [BLOB] NULL DEFAULT NULL,
      PRIMARY KEY (collection, name)
      SQL,
    'demo_note' => <<<'SQL'
      id [SERIAL],
      title VARCHAR(120) NOT NULL,
      body TEXT NOT NULL,
      uid [UINT] NOT NULL,
      created [BIG] NOT NULL,
      changed [BIG] NOT NULL,
      changed_by [UINT] NOT NULL,
      revision [BIG] NOT NULL
      SQL,
    'demo_ticket' => <<<'SQL'
      id [SERIAL],
      uid [UINT] NOT NULL,
      state VARCHAR(12) NOT NULL,
      created [BIG] NOT NULL,
      called [BIG] NOT NULL DEFAULT 0,
      called_by [UINT] NOT NULL DEFAULT 0
      SQL,
    'demo_session' => <<<'SQL'
      id VARCHAR(128) NOT NULL PRIMARY KEY,
      uid [UINT] NOT NULL
      SQL,
    'demo_counter' => <<<'SQL'
      name VARCHAR(32) NOT NULL PRIMARY KEY,
      value [BIG] NOT NULL
      SQL,
  ];

  private const INDEXES = [
    'sessions_timestamp' => ['INDEX', 'sessions (timestamp)'],
    'sessions_uid' => ['INDEX', 'sessions (uid)'],
    'users_user_field__uuid__value' => ['UNIQUE INDEX', 'users (uuid)'],
    'users_field_data_user__name' => ['UNIQUE INDEX', 'users_field_data (name, langcode)'],
    'user__roles_roles_target_id' => ['INDEX', 'user__roles (roles_target_id)'],
    'demo_session_uid' => ['INDEX', 'demo_session (uid)'],
    'demo_ticket_state' => ['INDEX', 'demo_ticket (state, id)'],
  ];

  /**
   * Creates every table; to be called on an empty database, in a transaction.
   */
  public static function create(Connection $database): void {
    $types = self::TYPES[$database->driver]
      ?? throw new \RuntimeException("No tables for the database driver $database->driver.");
    $options = $database->driver === 'mysql' ? ' DEFAULT CHARSET utf8mb4' : '';
    foreach (self::TABLES as $table => $columns) {
      $columns = preg_replace_callback('/\[([A-Z]+)\]/', static fn (array $m): string => $types[$m[1]], $columns);
      $database->exec("CREATE TABLE $table ($columns)$options");
    }
    foreach (self::INDEXES as $name => [$kind, $on]) {
      $database->exec("CREATE $kind $name ON $on");
    }
  }

  /**
   * Whether create() has run to its end.
   */
  public static function exists(Connection $database): bool {
    try {
      return $database->number('SELECT COUNT(*) FROM demo_counter') > 0;
    }
    catch (\PDOException) {
      return FALSE;
    }
  }

}
