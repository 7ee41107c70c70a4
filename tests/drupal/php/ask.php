<?php

/**
 * @file
 * Runs the PHP code on standard input inside a site, prints what it returns.
 *
 * Usage: php ask.php ROOT URL < code
 */

declare(strict_types=1);

use Symfony\Component\HttpFoundation\Response;

[, $root, $url] = $argv;
[$kernel, $request] = (require dirname(__DIR__, 3) . '/demo/drupal/boot.php')($root, $url);
$code = tempnam(sys_get_temp_dir(), 'ask');
file_put_contents($code, "<?php\ndeclare(strict_types=1);\n" . stream_get_contents(STDIN));
try {
  // In a scope of its own: Drupal has globals of common names.
  $answer = (static fn (string $file): mixed => require $file)($code);
}
finally {
  unlink($code);
}
// The end of the request, as Drush has it.
$kernel->terminate($request, new Response());
echo "\nANSWER ", json_encode($answer, JSON_THROW_ON_ERROR | JSON_PARTIAL_OUTPUT_ON_ERROR);
