--TEST--
Each web request looks once for a broker that was absent
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$socket = sys_get_temp_dir() . '/drupalrt-absent.sock';
$server = new WebServer(
  ['drupalrt.socket' => $socket, 'drupalrt.autostart' => 0, 'error_log' => '/dev/null'],
  'echo json_encode([drupalrt_publish("c", 1), drupalrt_publish("c", 2)]), "\n";');

echo $server->get('/');
$broker = new FakeBroker([], $socket);
echo $server->get('/');
?>
--EXPECT--
[false,false]
[true,true]
