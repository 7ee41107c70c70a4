--TEST--
Drupalrt\Receipt is a final value that cannot be changed
--EXTENSIONS--
drupalrt
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$receipt = new Drupalrt\Receipt(3, 'epoch', 2);
echo "$receipt->offset $receipt->epoch $receipt->receivers\n";
thrown(function () use ($receipt) {
  $receipt->offset = 4;
});
thrown(fn () => $receipt->__construct(1, '', 1));
var_dump((new ReflectionClass($receipt))->isFinal());
var_dump(get_parent_class('Drupalrt\Exception'));
?>
--EXPECT--
3 epoch 2
Error 0: Cannot modify readonly property Drupalrt\Receipt::$offset
Error 0: Cannot modify readonly property Drupalrt\Receipt::$offset
bool(true)
string(16) "RuntimeException"
