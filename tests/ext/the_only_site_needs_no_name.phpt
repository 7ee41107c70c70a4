--TEST--
Without a choice the only site is meant; of several one must be named
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-the_only_site_needs_no_name.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['hello' => ['sites' => []]]);
var_dump(drupalrt_publish('c', 'no site'));
$broker->send(7, ['sites' => ['a', 'b']]);
usleep(150_000);
thrown(fn () => drupalrt_publish('c', 1));
thrown(fn () => drupalrt_broadcast(['c'], 1));
thrown(fn () => drupalrt_publish_confirmed('c', 1));
var_dump(drupalrt_call('info')['receivers']);
echo implode(',', drupalrt_status()['sites']), "\n";

var_dump(drupalrt_publish('c', 'to b', ['site' => 'b']));
$broker->send(7, ['sites' => ['a']]);
usleep(150_000);
var_dump(drupalrt_publish('c', 'the only one'));
$broker->print_frames();
?>
--EXPECT--
bool(true)
ValueError 0: drupalrt_publish(): 2 sites are registered: name one by drupalrt_site() or the option "site"
ValueError 0: drupalrt_broadcast(): 2 sites are registered: name one by drupalrt_site() or the option "site"
ValueError 0: drupalrt_publish_confirmed(): 2 sites are registered: name one by drupalrt_site() or the option "site"
int(2)
a,b
bool(true)
bool(true)
{"type":"publish","channels":["c"],"flags":0,"data":"\"no site\"","options":""}
{"type":"call","body":"{\"method\":\"info\",\"params\":{}}"}
{"type":"site","key":"b","secret":""}
{"type":"publish","channels":["c"],"flags":0,"data":"\"to b\"","options":""}
{"type":"site","key":"","secret":""}
{"type":"publish","channels":["c"],"flags":0,"data":"\"the only one\"","options":""}
