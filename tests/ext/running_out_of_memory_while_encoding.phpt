--TEST--
After a bailout within jsonSerialize() a shutdown function still publishes
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-running_out_of_memory_while_encoding.sock
memory_limit=32M
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
class Hungry implements JsonSerializable {
  public function jsonSerialize(): mixed {
    return str_repeat('x', 1 << 30);
  }
}
drupalrt_publish('before', 1);
register_shutdown_function(function () use ($broker) {
  var_dump(drupalrt_publish('shutdown', 2));
  $broker->print_frames();
});

drupalrt_publish('never', ['a' => new Hungry()]);
?>
--EXPECTF--
Fatal error: Allowed memory size of %d bytes exhausted%S (tried to allocate %d bytes) in %s on line %d
bool(true)
{"type":"publish","channels":["before"],"flags":0,"data":"1","options":""}
{"type":"publish","channels":["shutdown"],"flags":0,"data":"2","options":""}
