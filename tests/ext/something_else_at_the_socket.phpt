--TEST--
Whatever else listens at the socket is told apart from a broker
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-something_else_at_the_socket.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
ini_set('error_log', '/dev/null');
foreach ([str_repeat("HTTP/1.1 400 Bad Request\r\n", 2), pack('VCCvVV', 3, 2, 0, 0, 1, 0) . 'no!',
  pack('VCCvVV', 14, 2, 0, 0, 1, 0) . '{"protocol":1}'] as $bytes) {
  $broker = new FakeBroker(['hello_bytes' => $bytes]);
  var_dump(drupalrt_publish('c', 1));
  $status = drupalrt_status();
  echo $status['state'], ': ', $status['last_error'], "\n";
  $broker->stop();
}

touch(ini_get('drupalrt.socket'));
$status = drupalrt_status();
echo $status['state'], ': ', $status['last_error'], "\n";
unlink(ini_get('drupalrt.socket'));
?>
--EXPECTF--
bool(false)
not answering: %s.sock does not speak the broker's protocol
bool(false)
not answering: the broker's greeting was not understood
bool(false)
not answering: the broker's greeting names no sites
absent: no broker listens at %s.sock
