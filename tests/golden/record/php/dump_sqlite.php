<?php

/**
 * @file
 * Prints tables of a SQLite file as SQL.
 *
 * Usage: php dump_sqlite.php FILE < {"TABLE": "condition", …}
 */

declare(strict_types=1);

$tables = json_decode((string) stream_get_contents(STDIN), TRUE, flags: JSON_THROW_ON_ERROR);
$database = new PDO('sqlite:' . $argv[1]);
$database->sqliteCreateCollation('NOCASE_UTF8', strcmp(...));

function literal(string|int|float|null $value): string {
  if (!is_string($value)) {
    return $value === NULL ? 'NULL' : (string) $value;
  }
  if (str_contains($value, "\0") || !mb_check_encoding($value, 'UTF-8')) {
    // As Drupal stores it: text, whatever the bytes.
    return "CAST(X'" . bin2hex($value) . "' AS TEXT)";
  }
  return "'" . str_replace("'", "''", $value) . "'";
}

foreach ($tables as $table => $condition) {
  $definitions = $database->query("SELECT sql FROM sqlite_master WHERE tbl_name = '$table' AND sql IS NOT NULL ORDER BY type DESC, name");
  foreach ($definitions->fetchAll(PDO::FETCH_COLUMN) as $sql) {
    echo $sql, ";\n";
  }
  $rows = $database->query("SELECT * FROM \"$table\" WHERE $condition ORDER BY 1, 2");
  foreach ($rows->fetchAll(PDO::FETCH_NUM) as $row) {
    echo "INSERT INTO \"$table\" VALUES(", implode(',', array_map(literal(...), $row)), ");\n";
  }
}
