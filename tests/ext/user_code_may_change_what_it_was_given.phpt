--TEST--
Arguments that user code changes while the data is encoded do no harm
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-user_code_may_change_what_it_was_given.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$broker = new FakeBroker();
$channel = 'before:' . getmypid();
$site = 'exa' . 'mple';
class Changer implements JsonSerializable {
  public function __construct(private Closure $change) {}
  public function jsonSerialize(): mixed {
    ($this->change)();
    return 1;
  }
}
$change = function () use (&$channel, &$site) {
  $channel = str_repeat('after', 2);
  $site = [];
};

$channels = [&$channel];
$options = ['site' => &$site];
var_dump(drupalrt_broadcast($channels, new Changer($change), $options));
$ruin = function () use (&$channel) {
  $channel = 5;
};
thrown(fn () => drupalrt_broadcast($channels, new Changer($ruin)));

$broker->print_frames();
?>
--EXPECT--
bool(true)
TypeError 0: drupalrt_broadcast(): Argument #1 ($channels) must hold strings only, int given
{"type":"site","key":"example","secret":""}
{"type":"publish","channels":["afterafter"],"flags":0,"data":"1","options":""}
