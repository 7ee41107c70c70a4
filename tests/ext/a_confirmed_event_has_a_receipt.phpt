--TEST--
drupalrt_publish_confirmed() returns what the broker says, or throws it
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_confirmed_event_has_a_receipt.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();

var_dump(drupalrt_publish_confirmed('c', 1));
$broker->set(['reply' => ['result' => ['receivers' => 0]]]);
var_dump(drupalrt_publish_confirmed('c', 2, ['timeout_ms' => 1000]));
$broker->set(['reply' => ['error' => ['code' => 102, 'message' => 'unknown channel']]]);
thrown(fn () => drupalrt_publish_confirmed('c', 3));
$broker->set(['reply' => ['neither' => 1]]);
thrown(fn () => drupalrt_publish_confirmed('c', 4));

$status = drupalrt_status();
echo "$status[published] published, $status[failed] lost\n";
?>
--EXPECT--
object(Drupalrt\Receipt)#2 (3) {
  ["offset"]=>
  int(1)
  ["epoch"]=>
  string(8) "epoch001"
  ["receivers"]=>
  int(2)
}
object(Drupalrt\Receipt)#2 (3) {
  ["offset"]=>
  int(0)
  ["epoch"]=>
  string(0) ""
  ["receivers"]=>
  int(0)
}
Drupalrt\Exception 102: unknown channel
Drupalrt\Exception 0: The broker's answer has neither a result nor an error
2 published, 2 lost
