--TEST--
Twenty PHP processes that race start exactly one broker, and all reach it
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/autostart_place.inc';
$place = new AutostartPlace();

for ($i = 0; $i < 20; ++$i) {
  $processes[] = start_php($place->ini(),
    ['-r', 'echo json_encode(drupalrt_publish("c", 1));'], $outputs[]);
}
$said = array_map(stream_get_contents(...), $outputs);
array_map(proc_close(...), $processes);

print_r(array_count_values($said));
echo count($place->starts()), " started\n";
?>
--EXPECT--
Array
(
    [true] => 20
)
1 started
