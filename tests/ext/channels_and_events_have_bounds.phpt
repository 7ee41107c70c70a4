--TEST--
A channel or an event out of bounds is a ValueError, at the bound it passes
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-channels_and_events_have_bounds.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
$mebibyte = str_repeat('x', (1 << 20) - 2);

var_dump(drupalrt_publish(str_repeat('c', 255), 1));
thrown(fn () => drupalrt_publish(str_repeat('c', 256), 1));
thrown(fn () => drupalrt_publish('', 1));
foreach (["\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"] as $wrong) {
  thrown(fn () => drupalrt_publish("a:$wrong", 1));
}
var_dump(drupalrt_publish("é€\u{ffff}\u{10ffff}\u{d7ff}\u{1f600}", 1));
var_dump(drupalrt_publish('c', $mebibyte, ['timeout_ms' => 5000]));
thrown(fn () => drupalrt_publish('c', $mebibyte . 'x'));
thrown(fn () => drupalrt_publish('c', $mebibyte, ['tags' => ['a' => $mebibyte]]));
thrown(fn () => drupalrt_broadcast([], 1));
var_dump(drupalrt_broadcast(array_fill(0, 1024, 'c'), 1));
thrown(fn () => drupalrt_broadcast(array_fill(0, 1025, 'c'), 1));
thrown(fn () => drupalrt_broadcast(['c', 7], 1));
thrown(fn () => drupalrt_broadcast(['c', ''], 1));

foreach ($broker->frames() as $frame) {
  echo count($frame['channels']), ' ', strlen($frame['channels'][0]), ' ', strlen($frame['data']), "\n";
}
?>
--EXPECT--
bool(true)
ValueError 0: drupalrt_publish(): Argument #1 ($channel) must be 255 bytes at most
ValueError 0: drupalrt_publish(): Argument #1 ($channel) must not be empty
ValueError 0: drupalrt_publish(): Argument #1 ($channel) must be valid UTF-8
ValueError 0: drupalrt_publish(): Argument #1 ($channel) must be valid UTF-8
ValueError 0: drupalrt_publish(): Argument #1 ($channel) must be valid UTF-8
ValueError 0: drupalrt_publish(): Argument #1 ($channel) must be valid UTF-8
ValueError 0: drupalrt_publish(): Argument #1 ($channel) must be valid UTF-8
bool(true)
bool(true)
ValueError 0: drupalrt_publish(): Argument #2 ($data) must be 1 MiB at most when encoded, 1048577 bytes given
ValueError 0: drupalrt_publish(): Argument #3 ($options) must be shorter: the event with its channels and options is 2 MiB at most
ValueError 0: drupalrt_broadcast(): Argument #1 ($channels) must hold 1 to 1024 channels, 0 given
bool(true)
ValueError 0: drupalrt_broadcast(): Argument #1 ($channels) must hold 1 to 1024 channels, 1025 given
TypeError 0: drupalrt_broadcast(): Argument #1 ($channels) must hold strings only, int given
ValueError 0: drupalrt_broadcast(): Argument #1 ($channels) holds a channel that must not be empty
1 255 1
1 19 1
1 1 1048576
1024 1 1
