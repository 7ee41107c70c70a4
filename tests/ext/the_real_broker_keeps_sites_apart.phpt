--TEST--
The real broker registers sites, and takes events of one only with its secret
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
drupalrt.socket={TMP}/drupalrt-sites.sock
--FILE--
<?php
require __DIR__ . '/real_broker.inc';
$broker = new RealBroker();
[$secret_a, $secret_b] = [str_repeat('a', 32), str_repeat('b', 32)];

drupalrt_call('site', ['document' => site_document('a', $secret_a)]);
drupalrt_site('a', $secret_a);
$receipt = drupalrt_publish_confirmed('chat:1', 'first');
echo $receipt->offset, ' ', strlen($receipt->epoch) > 0 ? 'epoch' : 'no epoch', "\n";
thrown(fn () => drupalrt_publish_confirmed('nonsense:1', 1));

drupalrt_site('');
drupalrt_call('site', ['document' => site_document('b', $secret_b)]);
echo implode(' ', drupalrt_status()['sites']), "\n";
thrown(fn () => drupalrt_publish('chat:1', 1));
drupalrt_site('b', $secret_a);
thrown(fn () => drupalrt_publish_confirmed('chat:1', 1));
drupalrt_site('b', $secret_b);
echo drupalrt_publish_confirmed('chat:1', 1)->offset, "\n";
drupalrt_site('nobody');
thrown(fn () => drupalrt_publish_confirmed('chat:1', 1));
?>
--EXPECTF--
1 epoch
Drupalrt\Exception 102: unknown channel
a b
ValueError 0: drupalrt_publish(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 103: %s
1
Drupalrt\Exception 103: %s
