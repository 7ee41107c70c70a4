--TEST--
A child of fork() never writes to its parent's connection
--EXTENSIONS--
drupalrt
pcntl
--INI--
drupalrt.socket={TMP}/drupalrt-a_forked_child_connects_anew.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
drupalrt_publish('parent', 1);
for ($child = 1; $child <= 3; ++$child) {
  $pid = pcntl_fork();
  if ($pid === 0) {
    drupalrt_publish('child', drupalrt_publish_confirmed('asked', 1)->receivers);
    // No destructors here: the broker is the parent's.
    pcntl_exec('/bin/true');
  }
  pcntl_waitpid($pid, $status);
}
drupalrt_publish('parent', 2);

$types = [];
foreach ($broker->frames(hellos: true) as $frame) {
  $what = $frame['channels'][0] ?? $frame['type'];
  $types[$what] = ($types[$what] ?? 0) + 1;
}
print_r($types);
echo drupalrt_status()['reconnects'], " reconnects\n";
?>
--EXPECT--
Array
(
    [hello] => 4
    [parent] => 2
    [asked] => 3
    [child] => 3
)
0 reconnects
