<?php

/**
 * @file
 * Prints MariaDB's own counters for each line of its input: how many statements
 * it was sent and how many of them read. To ask costs one of the former.
 *
 * Usage: DSN USER PASSWORD in the environment
 */

declare(strict_types=1);

$pdo = new PDO((string) getenv('DSN'), (string) getenv('USER'), (string) getenv('PASSWORD'));
$statement = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_select')";
while (fgets(STDIN) !== FALSE) {
  echo json_encode($pdo->query($statement)->fetchAll(PDO::FETCH_KEY_PAIR)), "\n";
}
