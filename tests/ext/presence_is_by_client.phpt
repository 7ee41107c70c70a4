--TEST--
Presence is by client, and its statistics are two numbers
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-presence_is_by_client.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$member = ['user' => '5', 'client' => 'c-1', 'conn_info' => ['name' => 'member'], 'chan_info' => 7];
$broker = new FakeBroker(['reply' => ['result' => ['presence' => [
  'c-1' => $member + ['more' => 'of no interest'],
  'c-2' => ['client' => 'c-2'],
]]]]);

echo json_encode(drupalrt_presence('chat:1'), JSON_PRETTY_PRINT), "\n";
$broker->set(['reply' => ['result' => ['presence' => []]]]);
echo json_encode(drupalrt_presence('chat:ä', ['timeout_ms' => 5000])), "\n";
$broker->set(['reply' => ['result' => ['num_clients' => 2, 'num_users' => 1]]]);
echo json_encode(drupalrt_presence_stats('chat:1')), "\n";
$broker->set(['reply' => ['result' => []]]);
echo json_encode(drupalrt_presence_stats('chat:1', ['site' => 'other'])), "\n";

$broker->print_frames();
?>
--EXPECT--
{
    "c-1": {
        "user": "5",
        "client": "c-1",
        "conn_info": {
            "name": "member"
        },
        "chan_info": 7
    },
    "c-2": {
        "user": "",
        "client": "c-2"
    }
}
[]
{"num_clients":2,"num_users":1}
{"num_clients":0,"num_users":0}
{"type":"call","body":"{\"method\":\"presence\",\"params\":{\"channel\":\"chat:1\"}}"}
{"type":"call","body":"{\"method\":\"presence\",\"params\":{\"channel\":\"chat:ä\"}}"}
{"type":"call","body":"{\"method\":\"presence_stats\",\"params\":{\"channel\":\"chat:1\"}}"}
{"type":"site","key":"other","secret":""}
{"type":"call","body":"{\"method\":\"presence_stats\",\"params\":{\"channel\":\"chat:1\"}}"}
