--TEST--
Where the broker reads nothing, events are false and their connection stays good
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_full_socket_is_waited_for_once.sock
drupalrt.timeout_ms=20
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
ini_set('error_log', '/dev/null');
$broker = new FakeBroker();
drupalrt_publish('c', 'first');
$broker->set(['deaf' => true]);

$accepted = 0;
while (drupalrt_publish('c', $accepted)) {
  ++$accepted;
}
$refused = 0;
for ($i = 0; $i < 200; ++$i) {
  $refused += drupalrt_publish('c', 'lost') ? 0 : 1;
}
echo $accepted > 10 ? "some accepted, $refused refused\n" : "few accepted: $accepted\n";
echo drupalrt_status()['last_error'], "\n";

$broker->set(['deaf' => false]);
$frames = $broker->frames();
echo count($frames) === $accepted + 1 ? 'all' : 'not all', " of them arrived\n";
var_dump(drupalrt_publish('c', 'last'));
echo $broker->frames(hellos: true)[0]['data'], "\n";
?>
--EXPECTF--
some accepted, 200 refused
the broker at %s.sock reads nothing: its socket is full
all of them arrived
bool(true)
"last"
