--TEST--
drupalrt_site() goes before the next frame, again after a reconnect
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_site_is_selected_with_its_secret.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['hello' => ['sites' => ['a', 'b']]]);

drupalrt_site('a', 'the secret of a');
drupalrt_publish('c', 1);
drupalrt_publish('c', 2);
drupalrt_publish('c', 3, ['site' => 'b']);
drupalrt_publish('c', 4, ['site' => 'a']);
$broker->drop();
drupalrt_publish('c', 5);
echo drupalrt_status()['site'], "\n";
foreach ($broker->frames() as $frame) {
  echo $frame['data'] ?? "$frame[key] '$frame[secret]'", "\n";
}

thrown(fn () => drupalrt_site('no spaces'));
thrown(fn () => drupalrt_site(str_repeat('k', 65)));
thrown(fn () => drupalrt_site('', 'secret'));
thrown(fn () => drupalrt_site('a', str_repeat('s', 65536)));
drupalrt_site('');
var_dump(drupalrt_status()['site']);
?>
--EXPECT--
a
a 'the secret of a'
1
2
b ''
3
a 'the secret of a'
4
a 'the secret of a'
5
ValueError 0: drupalrt_site(): Argument #1 ($key) must be a site's key: 1 to 64 letters, digits, dots, dashes or underscores
ValueError 0: drupalrt_site(): Argument #1 ($key) must be a site's key: 1 to 64 letters, digits, dots, dashes or underscores
ValueError 0: drupalrt_site(): Argument #2 ($secret) must be empty where no site is named
ValueError 0: drupalrt_site(): Argument #2 ($secret) must be 65535 bytes at most
NULL
