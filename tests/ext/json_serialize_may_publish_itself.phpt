--TEST--
An event may publish another one while it is being encoded
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-json_serialize_may_publish_itself.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
class Nested implements JsonSerializable {
  public function __construct(private int $depth) {}
  public function jsonSerialize(): mixed {
    if ($this->depth > 0) {
      drupalrt_publish("depth:{$this->depth}", new Nested($this->depth - 1));
      drupalrt_publish_confirmed("asked:{$this->depth}", 'x');
    }
    return $this->depth;
  }
}

var_dump(drupalrt_publish('outer', [new Nested(2), 'tail'], ['tags' => ['a' => 'b']]));

foreach ($broker->frames() as $frame) {
  echo $frame['channels'][0], ' ', $frame['data'], ' ', $frame['options'], "\n";
}
?>
--EXPECT--
bool(true)
depth:1 0 
asked:1 "x" 
depth:2 1 
asked:2 "x" 
outer [2,"tail"] {"tags":{"a":"b"}}
