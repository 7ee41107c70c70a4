--TEST--
A question that is refused, ambiguous or unanswered throws
--EXTENSIONS--
drupalrt
--INI--
drupalrt.socket={TMP}/drupalrt-a_question_without_an_answer_throws.sock
--FILE--
<?php
require __DIR__ . '/fake_broker.inc';
$refusal = ['error' => ['code' => 108, 'message' => 'not available']];
$broker = new FakeBroker(['reply' => $refusal, 'hello' => ['sites' => ['a', 'b']]]);
$questions = [
  fn ($options) => drupalrt_presence('c', $options),
  fn ($options) => drupalrt_presence_stats('c', $options),
  fn ($options) => drupalrt_history('c', $options),
  fn ($options) => drupalrt_channels('', $options),
  fn ($options) => drupalrt_subscribe(5, 'c', $options),
  fn ($options) => drupalrt_unsubscribe(5, 'c', $options),
  fn ($options) => drupalrt_disconnect(5, $options),
  fn ($options) => drupalrt_token(5, $options),
];

foreach ($questions as $question) {
  thrown(fn () => $question([]));
  thrown(fn () => $question(['site' => 'a']));
}
$broker->set(['silent' => true]);
thrown(fn () => drupalrt_presence('c', ['site' => 'a', 'timeout_ms' => 20]));
$broker->stop();
foreach ($questions as $question) {
  thrown(fn () => $question(['site' => 'a']));
}
?>
--EXPECTF--
ValueError 0: drupalrt_presence(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
ValueError 0: drupalrt_presence_stats(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
ValueError 0: drupalrt_history(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
ValueError 0: drupalrt_channels(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
ValueError 0: drupalrt_subscribe(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
ValueError 0: drupalrt_unsubscribe(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
ValueError 0: drupalrt_disconnect(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
ValueError 0: drupalrt_token(): 2 sites are registered: name one by drupalrt_site() or the option "site"
Drupalrt\Exception 108: not available
Drupalrt\Exception 0: The broker may have acted on it, but no answer came in time
Drupalrt\Exception 0: The broker is away: no broker listens at %s
Drupalrt\Exception 0: The broker is away: no broker listens at %s
Drupalrt\Exception 0: The broker is away: no broker listens at %s
Drupalrt\Exception 0: The broker is away: no broker listens at %s
Drupalrt\Exception 0: The broker is away: no broker listens at %s
Drupalrt\Exception 0: The broker is away: no broker listens at %s
Drupalrt\Exception 0: The broker is away: no broker listens at %s
Drupalrt\Exception 0: The broker is away: no broker listens at %s
