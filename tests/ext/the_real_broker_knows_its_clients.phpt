--TEST--
The real broker tells who is there, keeps history, and does as PHP says to clients
--EXTENSIONS--
drupalrt
--SKIPIF--
<?php
if (!getenv('DRUPALRTD')) {
  die('skip DRUPALRTD names no broker');
}
?>
--INI--
drupalrt.timeout_ms=10000
drupalrt.socket={TMP}/drupalrt-clients.sock
--FILE--
<?php
require __DIR__ . '/real_broker.inc';
require __DIR__ . '/event_source.inc';
$port = free_port();
$broker = new RealBroker(['--listen', "127.0.0.1:$port"]);
$secret = str_repeat('a', 32);
drupalrt_call('site', ['document' => site_document('a', $secret)]);
drupalrt_site('a', $secret);

echo "-- a token with channels\n";
$token = drupalrt_token(5, ['channels' => ['chat:1'], 'info' => ['name' => 'member'], 'ttl' => 60]);
$browser = new EventSource($port, 'a.test', ['token' => $token]);
$client = $browser->next('connect')['client'];
echo json_encode(drupalrt_presence('chat:1')[$client]) === json_encode([
  'user' => '5', 'client' => $client, 'conn_info' => ['name' => 'member']]) ? "here\n" : "not here\n";
echo json_encode(drupalrt_presence_stats('chat:1')), "\n";
echo json_encode(drupalrt_channels('chat:*')), "\n";

echo "-- history\n";
foreach (['one', 'two', 'three'] as $text) {
  drupalrt_publish('chat:1', ['text' => $text], ['tags' => ['lang' => 'en']]);
}
$history = drupalrt_history('chat:1');
echo count($history['publications']), " of $history[offset]\n";
$since = ['offset' => 1, 'epoch' => $history['epoch']];
foreach (drupalrt_history('chat:1', ['since' => $since, 'limit' => -1])['publications'] as $one) {
  echo json_encode($one), "\n";
}
echo drupalrt_history('chat:1', ['limit' => 1, 'reverse' => true])['publications'][0]['offset'], "\n";
thrown(fn () => drupalrt_history('chat:1', ['since' => ['offset' => 1, 'epoch' => 'another']]));
thrown(fn () => drupalrt_presence('nonsense:1'));

echo "-- subscribed, unsubscribed, disconnected by PHP\n";
drupalrt_subscribe(5, 'chat:2', ['client' => $client, 'info' => 7, 'data' => ['hello']]);
echo json_encode($browser->next('subscribe')['data']), "\n";
echo drupalrt_presence('chat:2')[$client]['chan_info'], "\n";
drupalrt_unsubscribe(5, 'chat:2', ['code' => 2100, 'reason' => 'enough']);
echo json_encode($browser->next('unsubscribe')), "\n";
drupalrt_disconnect(6);
drupalrt_disconnect(5, ['code' => 4500, 'reason' => 'farewell']);
echo json_encode($browser->next('disconnect')), "\n";
?>
--EXPECT--
-- a token with channels
here
{"num_clients":1,"num_users":1}
{"chat:1":{"num_clients":1}}
-- history
0 of 3
{"data":{"text":"two"},"offset":2,"tags":{"lang":"en"}}
{"data":{"text":"three"},"offset":3,"tags":{"lang":"en"}}
3
Drupalrt\Exception 112: unrecoverable position
Drupalrt\Exception 102: unknown channel
-- subscribed, unsubscribed, disconnected by PHP
["hello"]
7
{"code":2100,"reason":"enough"}
{"code":4500,"reason":"farewell"}
