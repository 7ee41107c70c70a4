--TEST--
A broker that ends at once is started once, whoever asks
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/autostart_place.inc';
$place = new AutostartPlace();
putenv('DRUPALRT_TEST_BROKEN=1');

// The longest pause there is, so that a slow machine makes no difference.
file_put_contents("$place->folder/start.lock", '9 ' . (time() - 300));
$ask = 'drupalrt_publish("c", 1);';
echo run_php($place->ini(), $ask);
for ($i = 0; $i < 5; ++$i) {
  $said = run_php($place->ini(), $ask);
}
echo $said;
echo count($place->starts()), " started\n";
?>
--EXPECTF--
drupalrt: an event was not delivered: the broker was started and ended: its log is in its state folder (1 lost since PHP started; at most one such line a minute)
drupalrt: an event was not delivered: the broker was started %d s ago and is away again: next try in %d s (1 lost since PHP started; at most one such line a minute)
1 started
