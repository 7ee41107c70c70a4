--TEST--
drupalrt_publish() greets the broker once and hands it each event
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-publish.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();

var_dump(drupalrt_publish('node:7', ['title' => 'Ä/b', 'n' => 1.5]));
var_dump(drupalrt_publish('node:8', null));
var_dump(drupalrt_broadcast(['a:1', 'b:2'], 'text'));

$broker->print_frames(hellos: true);
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
{"type":"hello","version":"ours","protocol":1,"sapi":"cli","pid":"ours"}
{"type":"publish","channels":["node:7"],"flags":0,"data":"{\"title\":\"Ä/b\",\"n\":1.5}","options":""}
{"type":"publish","channels":["node:8"],"flags":0,"data":"null","options":""}
{"type":"publish","channels":["a:1","b:2"],"flags":0,"data":"\"text\"","options":""}
