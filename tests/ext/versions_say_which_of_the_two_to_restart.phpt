--TEST--
Where protocols differ, the older of the two is to be restarted
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-versions_say_which_of_the_two_to_restart.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
ini_set('error_log', '/dev/null');
foreach ([['0.0.9', 0], ['7.0.0', 2]] as [$version, $protocol]) {
  $broker = new FakeBroker(['hello' => ['version' => $version, 'protocol' => $protocol]]);
  var_dump(drupalrt_publish('c', 1));
  $status = drupalrt_status();
  echo $status['state'], ' ', $status['broker_version'], ': ', $status['last_error'], "\n";
  thrown(fn () => drupalrt_call('info'));
  $broker->stop();
}
?>
--EXPECTF--
bool(false)
incompatible 0.0.9: the broker (drupalrtd 0.0.9, protocol 0) is older than PHP's extension (drupalrt %s, protocol 1): restart the broker
Drupalrt\Exception 0: The broker is away: the broker (drupalrtd 0.0.9, protocol 0) is older than PHP's extension (drupalrt %s, protocol 1): restart the broker
bool(false)
incompatible 7.0.0: the broker (drupalrtd 7.0.0, protocol 2) is newer than PHP's extension (drupalrt %s, protocol 1): restart PHP
Drupalrt\Exception 0: The broker is away: the broker (drupalrtd 7.0.0, protocol 2) is newer than PHP's extension (drupalrt %s, protocol 1): restart PHP
