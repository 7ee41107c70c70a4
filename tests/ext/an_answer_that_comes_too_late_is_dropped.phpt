--TEST--
A late answer is never taken for the next request's
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-an_answer_that_comes_too_late_is_dropped.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['silent' => true]);

thrown(fn () => drupalrt_publish_confirmed('c', 1, ['timeout_ms' => 20]));
// The request had the id 2: one for the hello, one for it.
$late = '{"result":{"offset":1,"receivers":99}}';
$broker->send_bytes(pack('VCCvVV', strlen($late), 6, 0, 0, 2, 0) . $late);
$broker->set(['silent' => false]);
var_dump(drupalrt_publish_confirmed('c', 2)->receivers);

$broker->set(['drop_requests' => true]);
thrown(fn () => drupalrt_publish_confirmed('c', 3));
echo drupalrt_status()['state'], "\n";
?>
--EXPECT--
Drupalrt\Exception 0: The broker may have acted on it, but no answer came in time
int(2)
Drupalrt\Exception 0: The broker may have acted on it, but the broker closed the connection before it answered
connected
