--TEST--
Twenty PHP processes that race start exactly one real broker, and all reach it
--EXTENSIONS--
drupalrt
--SKIPIF--
<?php
if (!getenv('DRUPALRTD')) {
  die('skip DRUPALRTD names no broker');
}
?>
--FILE--
<?php
require __DIR__ . '/autostart_place.inc';
$place = new AutostartPlace(getenv('DRUPALRTD'));
$environment = ['PATH' => getenv('PATH'), 'DRUPALRT_LISTEN' => '127.0.0.1:0',
  'DRUPALRT_INTERNAL' => '', 'DRUPALRT_WORKERS' => '1', 'DRUPALRT_INSECURE' => 'true',
  'DRUPALRT_STATE' => "$place->folder/state"];

for ($i = 0; $i < 20; ++$i) {
  $processes[] = start_php($place->ini(),
    ['-r', 'drupalrt_publish_confirmed("c", 1); echo drupalrt_status()["broker_pid"];'],
    $outputs[], $environment);
}
$pids = array_count_values(array_map(stream_get_contents(...), $outputs));
array_map(proc_close(...), $processes);

echo implode(' ', $pids), "\n";
$pid = array_key_first($pids);
if (!is_int($pid)) {
  exit("not a process: $pid\n");
}
echo session_of($pid) !== $pid ? "a daemon\n" : "not a daemon\n";
echo file_exists("$place->folder/state/drupalrtd.log") ? "logs\n" : "does not log\n";
exec("kill $pid");
?>
--EXPECT--
20
a daemon
logs
