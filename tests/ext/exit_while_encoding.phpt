--TEST--
exit() within jsonSerialize() ends the request and nothing else
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-exit_while_encoding.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
class Leaver implements JsonSerializable {
  public function jsonSerialize(): mixed {
    exit("leaving\n");
  }
}
register_shutdown_function(function () use ($broker) {
  var_dump(drupalrt_publish('shutdown', 2));
  $broker->print_frames();
});

drupalrt_publish('never', new Leaver());
?>
--EXPECT--
leaving
bool(true)
{"type":"publish","channels":["shutdown"],"flags":0,"data":"2","options":""}
