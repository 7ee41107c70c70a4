--TEST--
An event that meets a dead connection goes to the new broker, once
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_restarted_broker_is_found_again.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
drupalrt_publish('c', 1);
$broker->kill();

$broker = new FakeBroker(['hello' => ['version' => '9.9.9', 'pid' => 5]]);
var_dump(drupalrt_publish('c', 2));
$broker->drop();
var_dump(drupalrt_publish_confirmed('c', 3)->receivers);

foreach ($broker->frames(hellos: true) as $frame) {
  echo $frame['type'], ' ', $frame['data'] ?? '', "\n";
}
$status = drupalrt_status();
echo "$status[broker_version], pid $status[broker_pid], $status[published] published, ",
  "$status[failed] lost, $status[reconnects] reconnects\n";
?>
--EXPECT--
bool(true)
int(2)
hello 
publish 2
hello 
publish 3
9.9.9, pid 5, 3 published, 0 lost, 2 reconnects
