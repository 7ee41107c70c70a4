--TEST--
The broker mints tokens of connections and of subscriptions
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-the_broker_mints_tokens.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['reply' => ['result' => ['token' => 'a.b.c', 'expire_at' => 1]]]);
class Account implements JsonSerializable {
  public function jsonSerialize(): mixed {
    return ['inner' => drupalrt_token(1)];
  }
}

var_dump(drupalrt_token(5));
var_dump(drupalrt_token('5', ['channel' => 'room:1', 'client' => 'c-1', 'info' => 'x', 'ttl' => 60]));
drupalrt_token(0, ['channels' => ['site', 'room:1'], 'meta' => ['a' => []], 'info' => new Account()]);
drupalrt_token(5, ['meta' => []]);
$broker->set(['reply' => ['result' => []]]);
thrown(fn () => drupalrt_token(5));

foreach ($broker->frames() as $frame) {
  echo $frame['body'], "\n";
}
?>
--EXPECT--
string(5) "a.b.c"
string(5) "a.b.c"
Drupalrt\Exception 0: The broker's answer has no token
{"method":"token","params":{"user":"5"}}
{"method":"token","params":{"user":"5","channel":"room:1","client":"c-1","info":"x","ttl":60}}
{"method":"token","params":{"user":"1"}}
{"method":"token","params":{"user":"","channels":["site","room:1"],"meta":{"a":[]},"info":{"inner":"a.b.c"}}}
{"method":"token","params":{"user":"5"}}
{"method":"token","params":{"user":"5"}}
