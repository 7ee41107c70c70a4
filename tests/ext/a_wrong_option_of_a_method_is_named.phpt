--TEST--
A caller's mistake names argument and option, whatever the method
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_wrong_option_of_a_method_is_named.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker(['reply' => ['result' => ['token' => 'a.b.c']]]);

foreach ([['limit' => '1'], ['reverse' => 1], ['since' => 5], ['since' => []],
  ['since' => ['offset' => 1]], ['since' => ['offset' => '1', 'epoch' => 'e']],
  ['since' => ['offset' => -1, 'epoch' => 'e']],
  ['since' => ['offset' => 1, 'epoch' => "\xff"]],
  ['since' => ['offset' => 1, 'epoch' => 'e', 'x' => 1]],
  ['pattern' => 'x'], [1], ['timeout_ms' => 0], ['site' => 'a b']] as $options) {
  thrown(fn () => drupalrt_history('c', $options));
}
thrown(fn () => drupalrt_presence('c', ['limit' => 1]));
thrown(fn () => drupalrt_presence(''));
thrown(fn () => drupalrt_presence_stats(str_repeat('c', 256)));
thrown(fn () => drupalrt_channels('', ['site' => 5]));
thrown(fn () => drupalrt_subscribe(-1, 'c'));
thrown(fn () => drupalrt_subscribe("\xff", 'c'));
thrown(fn () => drupalrt_subscribe(5, ''));
thrown(fn () => drupalrt_subscribe(5, 'c', ['presence' => 'yes']));
thrown(fn () => drupalrt_subscribe(5, 'c', ['client' => '']));
thrown(fn () => drupalrt_subscribe(5, 'c', ['data' => "\xff"]));
thrown(fn () => drupalrt_subscribe(5, 'c', ['data' => str_repeat('x', 2 << 20)]));
thrown(fn () => drupalrt_unsubscribe(5, 'c', ['session' => null]));
thrown(fn () => drupalrt_disconnect(5, ['whitelist' => 'c-1']));
thrown(fn () => drupalrt_disconnect(5, ['whitelist' => [1]]));
thrown(fn () => drupalrt_disconnect(5, ['whitelist' => ["\xff"]]));
thrown(fn () => drupalrt_token(5, ['ttl' => 0]));
thrown(fn () => drupalrt_token(5, ['channel' => '']));
thrown(fn () => drupalrt_token(5, ['channels' => ['']]));
thrown(fn () => drupalrt_token(5, ['meta' => [1]]));
thrown(fn () => drupalrt_token(5, ['meta' => 1]));
thrown(fn () => drupalrt_token(5, ['client' => 'c-1']));
thrown(fn () => drupalrt_token(5, ['channel' => 'c', 'meta' => ['a' => 1]]));
thrown(fn () => drupalrt_token(5, ['channel' => 'c', 'channels' => ['d']]));

var_dump($broker->frames(hellos: true));
?>
--EXPECT--
TypeError 0: drupalrt_history(): Argument #2 ($options) option "limit" must be of type int, string given
TypeError 0: drupalrt_history(): Argument #2 ($options) option "reverse" must be of type bool, int given
TypeError 0: drupalrt_history(): Argument #2 ($options) option "since" must be of type array{offset: int, epoch: string}, int given
ValueError 0: drupalrt_history(): Argument #2 ($options) option "since" must be array{offset: int, epoch: string}
ValueError 0: drupalrt_history(): Argument #2 ($options) option "since" must be array{offset: int, epoch: string}
ValueError 0: drupalrt_history(): Argument #2 ($options) option "since" must be array{offset: int, epoch: string}
ValueError 0: drupalrt_history(): Argument #2 ($options) option "since" must have an offset of 0 or more
ValueError 0: drupalrt_history(): Argument #2 ($options) option "since" must be valid UTF-8
ValueError 0: drupalrt_history(): Argument #2 ($options) option "since" must be array{offset: int, epoch: string}
ValueError 0: drupalrt_history(): Argument #2 ($options) has the unknown option "pattern"
ValueError 0: drupalrt_history(): Argument #2 ($options) has the unknown option 0
ValueError 0: drupalrt_history(): Argument #2 ($options) option "timeout_ms" must be 1 or more, 0 given
ValueError 0: drupalrt_history(): Argument #2 ($options) option "site" must be a site's key: 1 to 64 letters, digits, dots, dashes or underscores
ValueError 0: drupalrt_presence(): Argument #2 ($options) has the unknown option "limit"
ValueError 0: drupalrt_presence(): Argument #1 ($channel) must not be empty
ValueError 0: drupalrt_presence_stats(): Argument #1 ($channel) must be 255 bytes at most
TypeError 0: drupalrt_channels(): Argument #2 ($options) option "site" must be of type string, int given
ValueError 0: drupalrt_subscribe(): Argument #1 ($user) must be 0 or more
ValueError 0: drupalrt_subscribe(): Argument #1 ($user) must be valid UTF-8
ValueError 0: drupalrt_subscribe(): Argument #2 ($channel) must not be empty
TypeError 0: drupalrt_subscribe(): Argument #3 ($options) option "presence" must be of type bool, string given
ValueError 0: drupalrt_subscribe(): Argument #3 ($options) option "client" must not be empty
JsonException 5: Malformed UTF-8 characters, possibly incorrectly encoded
ValueError 0: drupalrt_subscribe(): Argument #3 ($options) must be 2 MiB at most when encoded
TypeError 0: drupalrt_unsubscribe(): Argument #3 ($options) option "session" must be of type string, null given
TypeError 0: drupalrt_disconnect(): Argument #2 ($options) option "whitelist" must be of type string[], string given
TypeError 0: drupalrt_disconnect(): Argument #2 ($options) option "whitelist" must hold strings only, int given
ValueError 0: drupalrt_disconnect(): Argument #2 ($options) option "whitelist" holds a string that must be valid UTF-8
ValueError 0: drupalrt_token(): Argument #2 ($options) option "ttl" must be 1 or more, 0 given
ValueError 0: drupalrt_token(): Argument #2 ($options) option "channel" must not be empty
ValueError 0: drupalrt_token(): Argument #2 ($options) option "channels" holds a string that must not be empty
ValueError 0: drupalrt_token(): Argument #2 ($options) option "meta" must have string keys
TypeError 0: drupalrt_token(): Argument #2 ($options) option "meta" must be of type array<string, mixed>, int given
ValueError 0: drupalrt_token(): Argument #2 ($options) option "client" is of subscription tokens, which have a "channel"
ValueError 0: drupalrt_token(): Argument #2 ($options) option "meta" is of connection tokens, which have no "channel"
ValueError 0: drupalrt_token(): Argument #2 ($options) option "channels" is of connection tokens, which have no "channel"
array(0) {
}
