--TEST--
History has a position and publications
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-history_has_a_position_and_publications.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['reply' => ['result' => [
  'publications' => [
    ['offset' => 1, 'data' => ['text' => 'hello'], 'tags' => ['lang' => 'de'],
      'info' => ['user' => '5', 'client' => 'c-1'], 'more' => 'of no interest'],
    ['data' => null, 'offset' => 2],
    ['offset' => 3],
  ],
  'epoch' => 'e1',
  'offset' => 3,
]]]);

foreach (drupalrt_history('chat:1', ['limit' => -1])['publications'] as $publication) {
  echo json_encode($publication), "\n";
}
$broker->set(['reply' => ['result' => ['epoch' => 'e1', 'offset' => 3]]]);
$offset = 2;
$since = ['epoch' => 'e1', 'offset' => &$offset];
echo json_encode(drupalrt_history('chat:1')), "\n";
drupalrt_history('chat:1', ['since' => $since, 'limit' => 10, 'reverse' => true]);

$broker->print_frames();
?>
--EXPECT--
{"data":{"text":"hello"},"offset":1,"tags":{"lang":"de"},"info":{"user":"5","client":"c-1"}}
{"data":null,"offset":2}
{"data":null,"offset":3}
{"publications":[],"epoch":"e1","offset":3}
{"type":"call","body":"{\"method\":\"history\",\"params\":{\"channel\":\"chat:1\",\"limit\":-1}}"}
{"type":"call","body":"{\"method\":\"history\",\"params\":{\"channel\":\"chat:1\"}}"}
{"type":"call","body":"{\"method\":\"history\",\"params\":{\"channel\":\"chat:1\",\"since\":{\"offset\":2,\"epoch\":\"e1\"},\"limit\":10,\"reverse\":true}}"}
