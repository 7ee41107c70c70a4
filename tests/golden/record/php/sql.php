<?php

/**
 * @file
 * Runs SQL behind Drupal's back.
 *
 * Usage: php sql.php < {"dsn", "username", "password", "root", "statements"}
 */

declare(strict_types=1);

$given = json_decode((string) stream_get_contents(STDIN), TRUE, flags: JSON_THROW_ON_ERROR);
$database = new PDO($given['dsn'], $given['username'], $given['password']);
// Drupal's own collation of SQLite, without which an index comes to harm.
$unicode = $given['root'] . '/core/lib/Drupal/Component/Utility/Unicode.php';
if (str_starts_with($given['dsn'], 'sqlite:') && is_file($unicode)) {
  require $unicode;
  $database->sqliteCreateCollation('NOCASE_UTF8', ['Drupal\Component\Utility\Unicode', 'strcasecmp']);
}
foreach ($given['statements'] as $statement) {
  if ($database->exec($statement) < 1) {
    throw new RuntimeException("nothing changed: $statement");
  }
}
