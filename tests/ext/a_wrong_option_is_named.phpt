--TEST--
A caller's mistake in an option names argument and option
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_wrong_option_is_named.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
$wrong = [
  ['tag' => []], [7 => 1],
  ['tags' => 'x'], ['tags' => ['a' => 1]], ['tags' => ['a' => "\xff"]],
  ['idempotency_key' => 1], ['skip_history' => 1], ['delta' => 'yes'],
  ['version' => '1'], ['version' => -1], ['version_epoch' => null],
  ['exclude' => []], ['site' => 5], ['site' => 'a b'], ['site' => ''],
  ['timeout_ms' => 1.5], ['timeout_ms' => 0],
];

foreach ($wrong as $options) {
  thrown(fn () => drupalrt_publish('c', 1, $options));
}
thrown(fn () => drupalrt_broadcast(['c'], 1, ['delta' => 1]));
thrown(fn () => drupalrt_publish_confirmed('c', 1, ['delta' => 1]));

var_dump($broker->frames(hellos: true));
?>
--EXPECT--
ValueError 0: drupalrt_publish(): Argument #3 ($options) has the unknown option "tag"
ValueError 0: drupalrt_publish(): Argument #3 ($options) has the unknown option 7
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "tags" must be of type array<string, string>, string given
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "tags" must hold strings only, int given
ValueError 0: drupalrt_publish(): Argument #3 ($options) must hold valid UTF-8 only
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "idempotency_key" must be of type string, int given
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "skip_history" must be of type bool, int given
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "delta" must be of type bool, string given
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "version" must be of type int, string given
ValueError 0: drupalrt_publish(): Argument #3 ($options) option "version" must be 0 or more, -1 given
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "version_epoch" must be of type string, null given
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "exclude" must be of type string, array given
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "site" must be of type string, int given
ValueError 0: drupalrt_publish(): Argument #3 ($options) option "site" must be a site's key: 1 to 64 letters, digits, dots, dashes or underscores
ValueError 0: drupalrt_publish(): Argument #3 ($options) option "site" must be a site's key: 1 to 64 letters, digits, dots, dashes or underscores
TypeError 0: drupalrt_publish(): Argument #3 ($options) option "timeout_ms" must be of type int, float given
ValueError 0: drupalrt_publish(): Argument #3 ($options) option "timeout_ms" must be 1 or more, 0 given
TypeError 0: drupalrt_broadcast(): Argument #3 ($options) option "delta" must be of type bool, int given
TypeError 0: drupalrt_publish_confirmed(): Argument #3 ($options) option "delta" must be of type bool, int given
array(0) {
}
