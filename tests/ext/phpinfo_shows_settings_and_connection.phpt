--TEST--
phpinfo() shows the settings and the connection's state, and connects to nothing
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-info.sock
drupalrt.timeout_ms=-3
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
$info = function () {
  ob_start();
  phpinfo(INFO_MODULES);
  preg_match('/^drupalrt$.*?^drupalrt\.timeout_ms.*?$/ms', ob_get_clean(), $found);
  echo $found[0], "\n";
};

$info();
drupalrt_publish('c', 1);
$broker->stop();
drupalrt_status();
$info();

var_dump(ini_set('drupalrt.socket', '/elsewhere'), ini_set('drupalrt.timeout_ms', 1));
?>
--EXPECTF--
drupalrt

drupalrt => enabled
Version => %d.%d.%d
Protocol => 1
Broker's socket => %s/drupalrt-info.sock
Connection => never tried
Events published => 0
Events lost => 0
Reconnects => 0

Directive => Local Value => Master Value
drupalrt.autostart => 1 => 1
drupalrt.broker => no value => no value
drupalrt.socket => %s/drupalrt-info.sock => %s/drupalrt-info.sock
drupalrt.timeout_ms => 50 => 50
drupalrt

drupalrt => enabled
Version => %d.%d.%d
Protocol => 1
Broker's socket => %s/drupalrt-info.sock
Connection => absent
Last error => no broker listens at %s/drupalrt-info.sock
Events published => 1
Events lost => 0
Reconnects => 0

Directive => Local Value => Master Value
drupalrt.autostart => 1 => 1
drupalrt.broker => no value => no value
drupalrt.socket => %s/drupalrt-info.sock => %s/drupalrt-info.sock
drupalrt.timeout_ms => 50 => 50
bool(false)
bool(false)
