--TEST--
The reason of the broker's goodbye reaches the status
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_goodbye_says_why.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
ini_set('error_log', '/dev/null');
$goodbyes = [[1, 'shutting down'], [2, 'uid 33 is not admitted'], [3, 'speaks 2: restart PHP'], [4, 'malformed']];
foreach ($goodbyes as [$code, $reason]) {
  $broker = new FakeBroker(['goodbye' => ['code' => $code, 'reason' => $reason]]);
  $status = drupalrt_status();
  echo $status['state'], ': ', $status['last_error'], "\n";
  $broker->stop();
}

// In the middle of a conversation.
$broker = new FakeBroker();
echo drupalrt_status()['state'], "\n";
$broker->send(8, ['code' => 1, 'reason' => 'restart']);
$broker->stop();
echo drupalrt_status()['state'], "\n";
var_dump(drupalrt_publish('c', 1));
?>
--EXPECT--
absent: the broker said goodbye: shutting down
not permitted: the broker said goodbye: uid 33 is not admitted
incompatible: the broker said goodbye: speaks 2: restart PHP
not answering: the broker said goodbye: malformed
connected
absent
bool(false)
