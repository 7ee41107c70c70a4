--TEST--
A frame that was cut off by the time-out is the last of its connection
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-half_a_frame_never_corrupts_the_link.sock
drupalrt.timeout_ms=20
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
ini_set('error_log', '/dev/null');
$broker = new FakeBroker();
drupalrt_publish('c', 'first');
$broker->set(['deaf' => true]);

$event = str_repeat('x', 1_000_000);
var_dump(drupalrt_publish('c', $event));
echo drupalrt_status()['state'], "\n";

$broker->set(['deaf' => false]);
echo drupalrt_status()['state'], "\n";
var_dump(drupalrt_publish('c', 'last'));
foreach ($broker->frames(hellos: true) as $frame) {
  echo $frame['type'], ' ', $frame['data'] ?? '', "\n";
}
?>
--EXPECT--
bool(false)
not answering
connected
bool(true)
hello 
publish "first"
torn 
hello 
hello 
publish "last"
