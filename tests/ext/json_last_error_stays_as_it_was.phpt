--TEST--
json_last_error() is the same before and after
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-json_last_error_stays_as_it_was.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();

json_decode('{');
drupalrt_publish('c', 1);
drupalrt_publish_confirmed('c', 1);
drupalrt_call('info');
drupalrt_status();
echo json_last_error_msg(), "\n";

json_decode('{}');
thrown(fn () => drupalrt_publish('c', "\xff"));
thrown(fn () => drupalrt_publish('c', 1, ['exclude' => "\xff"]));
echo json_last_error_msg(), "\n";
?>
--EXPECT--
Syntax error
JsonException 5: Malformed UTF-8 characters, possibly incorrectly encoded
ValueError 0: drupalrt_publish(): Argument #3 ($options) must hold valid UTF-8 only
No error
