--TEST--
A user's clients are subscribed, unsubscribed and disconnected
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-clients_are_subscribed_and_sent_away.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['reply' => ['result' => []]]);

var_dump(drupalrt_subscribe(5, 'chat:1'));
drupalrt_subscribe('5', 'chat:1', [
  'client' => 'c-1', 'session' => 's-1', 'info' => ['name' => 'member'], 'data' => [1, 2],
  'expire_at' => 1893456000, 'presence' => true, 'join_leave' => false,
  'force_push_join_leave' => true, 'force_positioning' => true, 'force_recovery' => true,
  'recover_since' => ['offset' => 0, 'epoch' => ''],
]);
var_dump(drupalrt_unsubscribe(5, 'chat:1'));
drupalrt_unsubscribe(5, 'chat:1', ['client' => 'c-1', 'code' => 2500, 'reason' => 'anew']);
var_dump(drupalrt_disconnect(5));
drupalrt_disconnect('', ['session' => 's-1', 'whitelist' => [3 => 'c-1', 'x' => 'c-2'],
  'code' => 4000, 'reason' => '']);
drupalrt_disconnect(0);
drupalrt_disconnect('0');

foreach ($broker->frames() as $frame) {
  echo $frame['body'], "\n";
}
?>
--EXPECT--
NULL
NULL
NULL
{"method":"subscribe","params":{"user":"5","channel":"chat:1"}}
{"method":"subscribe","params":{"user":"5","channel":"chat:1","client":"c-1","session":"s-1","info":{"name":"member"},"data":[1,2],"expire_at":1893456000,"presence":true,"join_leave":false,"force_push_join_leave":true,"force_positioning":true,"force_recovery":true,"recover_since":{"offset":0,"epoch":""}}}
{"method":"unsubscribe","params":{"user":"5","channel":"chat:1"}}
{"method":"unsubscribe","params":{"user":"5","channel":"chat:1","client":"c-1","code":2500,"reason":"anew"}}
{"method":"disconnect","params":{"user":"5"}}
{"method":"disconnect","params":{"user":"","session":"s-1","whitelist":["c-1","c-2"],"code":4000,"reason":""}}
{"method":"disconnect","params":{"user":""}}
{"method":"disconnect","params":{"user":""}}
