--TEST--
A broker that is away: false, counted, one log line, no exception
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-an_absent_broker_costs_one_log_line.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$ini = ['drupalrt.socket' => ini_get('drupalrt.socket')];
echo run_php($ini, <<<'PHP'
  for ($i = 0; $i < 1000; ++$i) {
    if (drupalrt_publish('c', $i) !== false) {
      echo "not false\n";
    }
  }
  var_dump(drupalrt_broadcast(['a', 'b'], 1));
  $status = drupalrt_status();
  echo $status['state'], ', ', $status['failed'], " lost\n";
  try {
    drupalrt_publish_confirmed('c', 1);
  }
  catch (Drupalrt\Exception $exception) {
    echo $exception->getCode(), ' ', $exception->getMessage(), "\n";
  }
PHP);
?>
--EXPECTF--
drupalrt: an event was not delivered: no broker listens at %s.sock (1 lost since PHP started; at most one such line a minute)
bool(false)
absent, 1001 lost
0 The broker is away: no broker listens at %s.sock
