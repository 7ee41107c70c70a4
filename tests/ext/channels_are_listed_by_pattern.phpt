--TEST--
Channels are listed, all of them or by a pattern
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-channels_are_listed_by_pattern.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['reply' => ['result' => ['channels' => [
  'chat:1' => ['num_clients' => 2], '7' => ['num_clients' => 1],
]]]]);

echo json_encode(drupalrt_channels()), "\n";
$broker->set(['reply' => ['result' => []]]);
echo json_encode(drupalrt_channels('chat:*', ['timeout_ms' => 5000])), "\n";
drupalrt_channels(options: ['timeout_ms' => 5000]);
thrown(fn () => drupalrt_channels("\xff"));

$broker->print_frames();
?>
--EXPECT--
{"chat:1":{"num_clients":2},"7":{"num_clients":1}}
[]
ValueError 0: drupalrt_channels(): Argument #1 ($pattern) must be valid UTF-8
{"type":"call","body":"{\"method\":\"channels\",\"params\":{}}"}
{"type":"call","body":"{\"method\":\"channels\",\"params\":{\"pattern\":\"chat:*\"}}"}
{"type":"call","body":"{\"method\":\"channels\",\"params\":{}}"}
