// The official JavaScript client against the broker, unmodified.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { client, connected, seen, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';
import { closing, frame, frames, openRaw } from './sockets.mjs';

let broker;
before(async () => {
  broker = await Broker.start({ flags: ['--insecure', '--workers', '3'] });
});
after(() => broker.remove());

test('a browser connects, subscribes and publishes', async () => {
  const made = await connected(broker);
  assert.match(made.context.client, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  const chat = await subscribed(made, 'chat:1');
  const own = told(chat, 'publication');
  await chat.publish({ text: 'hi' });
  const { data, info } = await own;
  assert.deepEqual(data, { text: 'hi' });
  assert.equal(info.client, made.context.client);
  made.disconnect();
});

test('everyone in a channel sees the same, in order, on every worker', async () => {
  const clients = await Promise.all(
    Array.from({ length: 12 }, () => connected(broker)),
  );
  const rooms = await Promise.all(
    clients.map((one) => subscribed(one, 'room:order')),
  );
  const link = await Link.open(broker.socket);
  const sent = Array.from({ length: 500 }, (_, n) => ({ n }));
  for (const event of sent) link.publish('room:order', event);
  for (const room of rooms) assert.deepEqual(await seen(room, 500), sent);
  link.close();
  for (const one of clients) one.disconnect();
});

test('a confirmed publish tells how many it goes to', async () => {
  const link = await Link.open(broker.socket);
  assert.deepEqual(await link.publish('room:count', 1, true), {
    result: { receivers: 0 },
  });
  const clients = await Promise.all([1, 2, 3].map(() => connected(broker)));
  for (const one of clients) await subscribed(one, 'room:count');
  assert.deepEqual(await link.publish('room:count', 1, true), {
    result: { receivers: 3 },
  });
  clients[0].disconnect();
  // The farewell travels behind nothing that could be waited for.
  let left = 3;
  while (left > 2) {
    left = (await link.publish('room:count', 1, true)).result.receivers;
  }
  assert.equal(left, 2);
  link.close();
  for (const one of clients) one.disconnect();
});

test('after an unsubscribe nothing of the channel comes', async () => {
  const made = await connected(broker);
  const room = await subscribed(made, 'room:left');
  room.unsubscribe();
  const other = await subscribed(made, 'room:fence');
  const link = await Link.open(broker.socket);
  link.publish('room:left', 'unseen');
  link.publish('room:fence', 'seen');
  await seen(other, 1);
  assert.deepEqual(room.seen, []);
  link.close();
  made.disconnect();
});

test('a second subscription to a channel is error 105', async () => {
  const raw = await openRaw(broker.port, '/connection/websocket');
  raw.send(
    frame(
      1,
      '{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"room:a"}}\n' +
        '{"id":3,"subscribe":{"channel":"room:a"}}',
    ),
  );
  const text = () =>
    frames(raw.received)
      .map(({ payload }) => payload.toString())
      .join('\n');
  await raw.until(() => /"id":2.*/s.test(text()) && /"id":3/.test(text()));
  const replies = text().split('\n');
  assert.match(replies[0], /^\{"id":1,"connect":\{"client":"/);
  assert.ok(replies.includes('{"id":2,"subscribe":{}}'));
  assert.ok(
    replies.includes(
      '{"id":3,"error":{"code":105,"message":"already subscribed"}}',
    ),
  );
  raw.close();
});

for (const [what, message, code] of [
  ['a command before connect', '{"id":2,"subscribe":{"channel":"a:b"}}', 3501],
  ['broken JSON', '{bad', 3501],
  ['an empty frame', '', 3501],
  [
    'an empty line in the middle',
    '{"id":1,"connect":{}}\n\n{"id":2,"rpc":{}}',
    3501,
  ],
  ['a connect without an id', '{"connect":{}}', 3501],
  ['two connects', '{"id":1,"connect":{}}\n{"id":2,"connect":{}}', 3501],
  ['a pong that nobody asked for', '{"id":1,"connect":{}}\n{}', 3501],
  ['a send', '{"id":1,"connect":{}}\n{"send":{"data":{}}}', 3508],
  ['the legacy ping', '{"id":1,"connect":{}}\n{"id":2,"ping":{}}', 3501],
  [
    'a token without a secret to check it',
    '{"id":1,"connect":{"token":"x.y.z"}}',
    3500,
  ],
]) {
  test(`${what} is closed with ${code}`, async () => {
    const raw = await openRaw(broker.port, '/connection/websocket');
    raw.send(frame(1, message));
    assert.equal((await closing(raw)).code, code);
    raw.close();
  });
}

test('a browser is told to come back, and does, when the broker restarts', async () => {
  const own = await Broker.start({ flags: ['--insecure'] });
  const made = await connected(own);
  const room = await subscribed(made, 'room:1');
  const connecting = told(made, 'connecting');
  const back = told(made, 'connected');
  const started = Date.now();
  assert.deepEqual(await own.stop(), { code: 0, signal: null });
  assert.ok(Date.now() - started < 5_000);
  assert.equal((await connecting).code, 3001);
  await own.launch();
  await back;
  await told(room, 'subscribed').catch(() => {});
  const link = await Link.open(own.socket);
  link.publish('room:1', 'after');
  assert.deepEqual(await seen(room, 1), ['after']);
  made.disconnect();
  await own.remove();
});

test('a second SIGTERM ends at once', async () => {
  const own = await Broker.start({ flags: ['--insecure'] });
  // Connected, and deaf: its farewell is never answered.
  const raw = await openRaw(own.port, '/connection/websocket');
  raw.send(frame(1, '{"id":1,"connect":{}}'));
  await raw.until((bytes) => frames(bytes).length > 0);
  own.child.kill('SIGTERM');
  assert.equal((await closing(raw)).code, 3001);
  assert.deepEqual(await own.stop(), { code: 0, signal: null });
  raw.close();
  await own.remove();
});

test('a client that does not read is closed as slow, and nobody waits for it', async () => {
  const own = await Broker.start({
    flags: ['--insecure', '--workers', '1'],
    env: { DRUPALRT_CLIENT_QUEUE_MAX_SIZE: '200000' },
  });
  const raw = await openRaw(own.port, '/connection/websocket');
  raw.send(
    frame(
      1,
      '{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"room:1"}}',
    ),
  );
  await raw.until((bytes) =>
    frames(bytes)
      .map((one) => one.payload)
      .join()
      .includes('"id":2'),
  );
  raw.socket.pause();
  const quick = await connected(own);
  const room = await subscribed(quick, 'room:1');
  const link = await Link.open(own.socket);
  const large = 'x'.repeat(100_000);
  let receivers = 2;
  let sent = 0;
  while (receivers > 1) {
    receivers = (await link.publish('room:1', large, true)).result.receivers;
    sent += 1;
    assert.ok(sent < 1000, 'the slow one was never closed');
  }
  await seen(room, sent);
  raw.socket.resume();
  const codes = (await raw.rest().then(() => frames(raw.received)))
    .filter(({ opcode }) => opcode === 8)
    .map(({ payload }) => payload.readUInt16BE(0));
  // The farewell is lost where the kernel had no room for it.
  for (const code of codes) assert.equal(code, 3008);
  link.close();
  quick.disconnect();
  await own.remove();
});

test('without a site, and not insecure, nobody gets in', async () => {
  const own = await Broker.start();
  const made = client(own);
  const gone = told(made, 'disconnected');
  made.connect();
  assert.equal((await gone).code, 3501);
  await own.remove();
});
