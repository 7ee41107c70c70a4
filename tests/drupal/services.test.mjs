/**
 * The publisher and the module's other services, on a command line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { php } from './support/site.mjs';

/** Runs code with a transport that records; answers what open:x was sent. */
const published = (code) =>
  php(`
    $transport = new Drupal\\drupalrt\\Publish\\RecordingTransport();
    Drupal::getContainer()->set('drupalrt.transport', $transport);
    $publisher = Drupal::service('drupalrt.publisher');
    $database = Drupal::database();
    ${code}
    return $transport->dataFor('open:x');
  `);

test('the publisher is one service under its name and its interface', async () => {
  assert.equal(
    await php(`
      return Drupal::service('drupalrt.publisher')
        === Drupal::service(Drupal\\drupalrt\\Publish\\PublisherInterface::class);
    `),
    true,
  );
});

test('another module gets it by asking for the interface', async () => {
  assert.deepEqual(
    await php(`
      $transport = new Drupal\\drupalrt\\Publish\\RecordingTransport();
      Drupal::getContainer()->set('drupalrt.transport', $transport);
      Drupal::service(Drupal\\drupalrt_test\\Greeter::class)->greet('editor');
      return $transport->dataFor('open:greetings');
    `),
    ['Hello editor'],
  );
});

test('without a transaction an event goes out at once', async () => {
  assert.deepEqual(await published("$publisher->publish('open:x', 1);"), [1]);
});

test('within a transaction it waits for the commit', async () => {
  assert.deepEqual(
    await published(`
      $transaction = $database->startTransaction();
      $publisher->publish('open:x', 1);
      if ($transport->events() !== []) {
        return 'too early';
      }
      unset($transaction);
      $publisher->publish('open:x', 2);
    `),
    [1, 2],
  );
});

test('a rollback drops it, and nothing else', async () => {
  assert.deepEqual(
    await published(`
      $transaction = $database->startTransaction();
      $publisher->publish('open:x', 'never');
      $transaction->rollBack();
      unset($transaction);
      $publisher->publish('open:x', 'later');
    `),
    ['later'],
  );
});

test('inside another transaction it waits for the outermost', async () => {
  assert.deepEqual(
    await published(`
      $outer = $database->startTransaction();
      $inner = $database->startTransaction();
      $publisher->publish('open:x', 1);
      unset($inner);
      if ($transport->events() !== []) {
        return 'too early';
      }
      unset($outer);
    `),
    [1],
  );
});

test('a transaction that publishes too much loses the rest, and logs it', async () => {
  const [sent, logged] = await php(`
    $transport = new Drupal\\drupalrt\\Publish\\RecordingTransport();
    Drupal::getContainer()->set('drupalrt.transport', $transport);
    $log = new class extends Psr\\Log\\AbstractLogger {
      public array $lines = [];
      public function log($level, string|Stringable $message, array $context = []): void {
        $this->lines[] = strtr((string) $message, array_filter($context, 'is_scalar'));
      }
    };
    Drupal::service('logger.factory')->addLogger($log);
    $transaction = Drupal::database()->startTransaction();
    for ($i = 0; $i < 10002; $i++) {
      Drupal::service('drupalrt.publisher')->publish('open:x', $i);
    }
    unset($transaction);
    return [count($transport->events()), $log->lines];
  `);
  assert.equal(sent, 10000);
  assert.deepEqual(logged, [
    'A transaction published more than 10000 events; the last 2 are lost.',
  ]);
});

test('a save is not broken by what cannot be published', async () => {
  const log = await php(`
    $publisher = Drupal::service('drupalrt.publisher');
    $publisher->publish('', 1);
    $publisher->publish('open:x', "\\xff");
    $publisher->publish('nowhere:x', 1);
    $publisher->publish('open:x', 1, ['unknown' => 1]);
    return 'went on';
  `);
  assert.equal(log, 'went on');
});

test('what happens to content is published once it can be read', async () => {
  const events = await php(`
    use Drupal\\node\\Entity\\Node;
    $transport = new class implements Drupal\\drupalrt\\Publish\\Transport {
      public array $events = [];
      public function deliver(Drupal\\drupalrt\\Publish\\Event $event): bool {
        $this->events[] = [$event->data['action'], $event->data['title'], Drupal::database()->inTransaction()];
        return TRUE;
      }
    };
    Drupal::getContainer()->set('drupalrt.transport', $transport);
    $node = Node::create(['type' => 'page', 'title' => 'One', 'status' => 1]);
    $node->save();
    $node->setTitle('Two')->save();
    $node->setUnpublished()->save();
    $node->setTitle('Three')->save();
    $node->setPublished()->save();
    $node->delete();
    Node::create(['type' => 'page', 'title' => 'Draft', 'status' => 0])->save();
    return $transport->events;
  `);
  assert.deepEqual(events, [
    ['insert', 'One', false],
    ['update', 'Two', false],
    ['delete', 'Two', false],
    ['insert', 'Three', false],
    ['delete', 'Three', false],
  ]);
});

test('the broker is told of changes to people, after their commit', async () => {
  const told = await php(`
    $link = new Drupal\\drupalrt\\Link\\RecordingLink(
      fn () => Drupal::database()->inTransaction() ? throw new Exception('too early') : [],
    );
    Drupal::getContainer()->set('drupalrt.link', $link);
    $guest = user_load_by_name('guest');
    $guest->block()->save();
    $guest->activate()->save();
    Drupal::service(Drupal\\drupalrt\\Change\\ChangeNotifier::class)->sessionEnds('abc');
    Drupal::service(Drupal\\drupalrt\\Change\\ChangeNotifier::class)->destruct();
    return [(int) $guest->id(), array_map(fn (array $call) => $call[1]['notice'] ?? $call[1], $link->calls)];
  `);
  const [uid, notices] = told;
  assert.deepEqual(notices, [
    { users: [uid] },
    { users: [uid] },
    { sessions: ['ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'] },
  ]);
});

test('the settings are valid, and checked wholly', async () => {
  assert.deepEqual(
    await php(`
      $typed = Drupal::service('config.typed');
      $check = fn (array $values): int => count($typed->createFromNameAndData('drupalrt.settings', $values)->validate());
      $good = Drupal::config('drupalrt.settings')->getRawData();
      unset($good['_core']);
      return [
        $check($good),
        $check(['url' => 'javascript:x'] + $good),
        $check(['key' => 'a b'] + $good),
        $check(['hosts' => ['x/y']] + $good),
        $check(['surplus' => 1] + $good),
      ];
    `),
    [0, 1, 1, 1, 1],
  );
});

test('who may subscribe by token is for the modules to say', async () => {
  assert.deepEqual(
    await php(`
      $access = Drupal::service(Drupal\\drupalrt\\Access\\SubscriptionAccess::class);
      $account = new Drupal\\Core\\Session\\UserSession(['uid' => 2]);
      $check = fn (string $channel): bool => $access->check($channel, $account)->isAllowed();
      return [$check('draft:2'), $check('draft:3'), $check('open:1')];
    `),
    [true, false, false],
  );
});
