--TEST--
Data that cannot be encoded throws json_encode()'s JsonException
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-what_cannot_be_encoded_throws_json_excep.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
$endless = [];
$endless[] = &$endless;
class Angry implements JsonSerializable {
  public function jsonSerialize(): mixed {
    throw new LogicException('not me', 5);
  }
}

thrown(fn () => drupalrt_publish('c', "\xff"));
thrown(fn () => drupalrt_publish('c', ["\xff" => 1]));
thrown(fn () => drupalrt_publish('c', NAN));
thrown(fn () => drupalrt_publish('c', $endless));
thrown(fn () => drupalrt_publish('c', STDIN));
thrown(fn () => drupalrt_publish('c', new Angry()));
thrown(fn () => drupalrt_call('info', ['x' => "\xff"]));

var_dump(count($broker->frames()), drupalrt_publish('c', 1));
?>
--EXPECT--
JsonException 5: Malformed UTF-8 characters, possibly incorrectly encoded
JsonException 5: Malformed UTF-8 characters, possibly incorrectly encoded
JsonException 7: Inf and NaN cannot be JSON encoded
JsonException 6: Recursion detected
JsonException 8: Type is not supported
LogicException 5: not me
JsonException 5: Malformed UTF-8 characters, possibly incorrectly encoded
int(0)
bool(true)
