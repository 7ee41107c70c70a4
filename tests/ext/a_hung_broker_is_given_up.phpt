--TEST--
A broker that takes connections and says nothing is given up, and left alone for a while
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_hung_broker_is_given_up.sock
drupalrt.timeout_ms=20
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
ini_set('error_log', '/dev/null');
$broker = new FakeBroker(['deaf' => true]);

var_dump(drupalrt_publish('c', 1));
$status = drupalrt_status();
echo $status['state'], ': ', $status['last_error'], "\n";
var_dump(drupalrt_publish('c', 2));

$broker->set(['deaf' => false]);
// Looking at the status tries at once.
$status = drupalrt_status();
echo "$status[state], after: $status[last_error]\n";
var_dump(drupalrt_publish('c', 3));
foreach ($broker->frames() as $frame) {
  echo $frame['data'], "\n";
}
?>
--EXPECTF--
bool(false)
not answering: the broker at %s.sock does not answer in time (it hangs, or drupalrt.timeout_ms is too short)
bool(false)
connected, after: the broker at %s
bool(true)
3
