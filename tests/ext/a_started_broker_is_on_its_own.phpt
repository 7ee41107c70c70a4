--TEST--
A broker that PHP starts has a clean environment, no descriptors and its own session
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/autostart_place.inc';
$place = new AutostartPlace();

echo run_php($place->ini(), <<<'PHP'
  $open = fopen('/dev/zero', 'r');
  // Too late: a script must not choose the program that is run.
  putenv('PATH=/nowhere');
  putenv('DRUPALRT_LATE=1');
  var_dump(drupalrt_publish('c', 1));
PHP, ['SECRET' => 'x', 'HOME' => '/', 'PATH' => '/bin', 'DRUPALRT_LOG_LEVEL' => 'info',
  'DRUPALRT_TEST_STARTS' => getenv('DRUPALRT_TEST_STARTS')]);

[$start] = $place->starts();
$start['arguments'][2] = basename($start['arguments'][2]);
echo implode(' ', $start['arguments']), "\n";
$environment = array_diff($start['environment'], ['PWD', 'OLDPWD', 'SHLVL', '_']);
sort($environment);
echo implode(' ', $environment), "\n";
echo implode(', ', $start['descriptors']), "\n";
echo in_array($start['session'], [$start['pid'], session_of('self')]) ? 'somebody' : 'nobody',
  "'s session\n";
?>
--EXPECT--
bool(true)
serve --socket s --autostarted --ready-fd 3
DRUPALRT_LOG_LEVEL DRUPALRT_TEST_STARTS HOME PATH
0 /dev/null, 1 /dev/null, 2 /dev/null, 3 pipe
nobody's session
