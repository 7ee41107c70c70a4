--TEST--
drupalrt_call() asks the broker's API and throws its errors
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_call_returns_the_brokers_result.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['reply' => ['result' => ['nodes' => [['uid' => 'n']]]]]);

print_r(drupalrt_call('info'));
drupalrt_call('publish', ['channel' => 'c', 'data' => ['x' => 1]]);
$broker->set(['reply' => ['error' => ['code' => 104, 'message' => 'method not found']]]);
thrown(fn () => drupalrt_call('no_such', []));
thrown(fn () => drupalrt_call(''));
thrown(fn () => drupalrt_call('info', [1, 2]));
thrown(fn () => drupalrt_call('info', ['a' => str_repeat('x', 2 << 20)]));

$broker->print_frames();
?>
--EXPECT--
Array
(
    [nodes] => Array
        (
            [0] => Array
                (
                    [uid] => n
                )

        )

)
Drupalrt\Exception 104: method not found
ValueError 0: drupalrt_call(): Argument #1 ($method) must not be empty
ValueError 0: drupalrt_call(): Argument #2 ($params) must have string keys
ValueError 0: drupalrt_call(): Argument #2 ($params) must be 2 MiB at most when encoded
{"type":"call","body":"{\"method\":\"info\",\"params\":{}}"}
{"type":"call","body":"{\"method\":\"publish\",\"params\":{\"channel\":\"c\",\"data\":{\"x\":1}}}"}
{"type":"call","body":"{\"method\":\"no_such\",\"params\":{}}"}
