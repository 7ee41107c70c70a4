--TEST--
A site, and its secret, is chosen for one request only
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$socket = sys_get_temp_dir() . '/drupalrt-requests.sock';
$broker = new FakeBroker([], $socket);
$server = new WebServer(['drupalrt.socket' => $socket], <<<'PHP'
  if ($_SERVER['REQUEST_URI'] === '/a') {
    drupalrt_site('a', 'secret of a');
  }
  echo json_encode(drupalrt_publish('c', $_SERVER['REQUEST_URI'])), "\n";
PHP);

echo $server->get('/a'), $server->get('/b'), $server->get('/a');

$broker->print_frames();
?>
--EXPECT--
true
true
true
{"type":"site","key":"a","secret":"secret of a"}
{"type":"publish","channels":["c"],"flags":0,"data":"\"/a\"","options":""}
{"type":"site","key":"","secret":""}
{"type":"publish","channels":["c"],"flags":0,"data":"\"/b\"","options":""}
{"type":"site","key":"a","secret":"secret of a"}
{"type":"publish","channels":["c"],"flags":0,"data":"\"/a\"","options":""}
