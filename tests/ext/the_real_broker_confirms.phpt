--TEST--
The real broker takes events, confirms them and answers calls
--EXTENSIONS--
drupalrt
--SKIPIF--
<?php
if (!getenv('DRUPALRTD')) {
  die('skip DRUPALRTD names no broker');
}
?>
--INI--
drupalrt.timeout_ms=10000
drupalrt.socket={TMP}/drupalrt-real.sock
--FILE--
<?php
require __DIR__ . '/real_broker.inc';
$broker = new RealBroker(['--insecure']);

var_dump(drupalrt_publish('chat:1', ['text' => 'ä'], ['tags' => ['a' => 'b'], 'delta' => true]));
var_dump(drupalrt_broadcast(['chat:1', 'chat:2'], 1));
$receipt = drupalrt_publish_confirmed('chat:1', str_repeat('x', 1_000_000));
echo get_debug_type($receipt), ", $receipt->receivers receivers\n";
echo count(drupalrt_call('info')['nodes']), " node\n";
thrown(fn () => drupalrt_call('no_such_method'));

$status = drupalrt_status();
echo $status['state'], ', the same version: ';
var_dump($status['broker_version'] === $status['version'] && $status['broker_pid'] > 1);
$broker->stop();
ini_set('error_log', '/dev/null');
var_dump(drupalrt_publish('chat:1', 1));
?>
--EXPECT--
bool(true)
bool(true)
Drupalrt\Receipt, 0 receivers
1 node
Drupalrt\Exception 104: method not found
connected, the same version: bool(true)
bool(false)
