--TEST--
The data is encoded as json_encode() does it
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-data_is_what_json_encode_takes.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
enum Suit: string {
  case Hearts = 'H';
}
class Card implements JsonSerializable {
  public function __construct(private mixed $inside) {}
  public function jsonSerialize(): mixed {
    return ['card' => $this->inside];
  }
}

$values = [null, true, 0, -1.5, '', "é\u{2028}\"\\/", [], [1, 2], ['a' => ['b' => []]],
  [3 => 'x'], new stdClass(), Suit::Hearts, new Card(new Card(1))];
foreach ($values as $value) {
  drupalrt_publish('c', $value);
}

$flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
foreach ($broker->frames() as $i => $frame) {
  if ($frame['data'] !== json_encode($values[$i], $flags)) {
    echo "not the same: $frame[data]\n";
  }
}
echo count($values), " values\n", $frame['data'], "\n";
?>
--EXPECT--
13 values
{"card":{"card":1}}
