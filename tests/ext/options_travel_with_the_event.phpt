--TEST--
Each option of publish reaches the broker
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-options_travel_with_the_event.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();

$all = [
  ['tags' => ['lang' => 'de', '0' => 'zero']],
  ['tags' => []],
  ['idempotency_key' => 'key-1'],
  ['skip_history' => true],
  ['delta' => true],
  ['skip_history' => true, 'delta' => true],
  ['skip_history' => false],
  ['version' => 7, 'version_epoch' => 'e'],
  ['exclude' => 'client-1'],
  ['timeout_ms' => 5],
];
foreach ($all as $options) {
  drupalrt_publish('c', 1, $options);
}
drupalrt_broadcast(['c'], 1, ['delta' => true, 'tags' => ['a' => 'b']]);

foreach ($broker->frames() as $frame) {
  echo $frame['flags'], ' ', $frame['options'], "\n";
}
?>
--EXPECT--
0 {"tags":{"lang":"de","0":"zero"}}
0 
0 {"idempotency_key":"key-1"}
1 
2 
3 
0 
0 {"version":7,"version_epoch":"e"}
0 {"exclude":"client-1"}
0 
2 {"tags":{"a":"b"}}
