--TEST--
By default a web request starts a broker, and the command line none
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/autostart_place.inc';
$place = new AutostartPlace();
$ini = $place->ini(['drupalrt.autostart' => 1, 'error_log' => '/dev/null']);

foreach ([['-v'], ['-m'], ['-i'], ['--ri', 'drupalrt'], ['-l', __FILE__],
  ['-r', 'drupalrt_publish("c", 1); drupalrt_status();']] as $arguments) {
  $process = start_php($ini, $arguments, $output);
  stream_get_contents($output);
  proc_close($process);
}
echo count($place->starts()), " started\n";

$server = new WebServer(['drupalrt.autostart' => 0] + $ini, 'drupalrt_publish("c", 1);');
$server->get('/');
echo count($place->starts()), " started\n";

$server = new WebServer($ini, 'echo json_encode(drupalrt_publish("c", 1));');
echo $server->get('/'), $server->get('/'), "\n";
echo count($place->starts()), " started\n";
?>
--EXPECT--
0 started
0 started
truetrue
1 started
