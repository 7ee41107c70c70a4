// The official client in both builds over every transport: what one of them
// sees, all of them see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { connected, kinds, seen, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';

let broker;
let link;
before(async () => {
  broker = await Broker.start({
    flags: ['--workers', '3', '--config', 'tests/conformance/protocol.toml'],
  });
  link = await Link.open(broker.socket);
});
after(async () => {
  link.close();
  await broker.remove();
});

for (const kind of kinds) {
  test(`${kind}: connects, subscribes, publishes, unsubscribes`, async () => {
    const made = await connected(broker, { kind });
    assert.match(made.context.client, /^[0-9a-f-]{36}$/);
    assert.equal(made.context.transport, kind.split(' ')[1]);
    const room = await subscribed(made, 'open:one');
    const own = told(room, 'publication');
    await room.publish({ text: 'hi' });
    const { data, info } = await own;
    assert.deepEqual(data, { text: 'hi' });
    assert.equal(info.client, made.context.client);
    const left = told(room, 'unsubscribed');
    room.unsubscribe();
    await left;
    made.disconnect();
  });

  test(`${kind}: presence, history and their errors`, async () => {
    const made = await connected(broker, { kind });
    const channel = `all:${kind}`.replaceAll(' ', '-');
    const room = await subscribed(made, channel);
    for (const n of [1, 2, 3]) await room.publish({ n });
    const { clients } = await room.presence();
    assert.deepEqual(Object.keys(clients), [made.context.client]);
    assert.deepEqual(await room.presenceStats(), {
      numClients: 1,
      numUsers: 1,
    });
    const history = await room.history({ limit: 2, reverse: true });
    assert.deepEqual(
      history.publications.map((one) => one.data),
      [{ n: 3 }, { n: 2 }],
    );
    assert.equal(history.offset, 3);
    const since = { offset: 1, epoch: history.epoch };
    const later = await room.history({ limit: -1, since });
    assert.deepEqual(
      later.publications.map((one) => one.offset),
      [2, 3],
    );
    await assert.rejects(
      room.history({ limit: 1, since: { offset: 1, epoch: 'bad' } }),
      { code: 112 },
    );
    const plain = await subscribed(made, 'open:two');
    await assert.rejects(plain.presence(), { code: 108 });
    await assert.rejects(plain.history(), { code: 108 });
    await assert.rejects(made.rpc('nope', {}), { code: 108 });
    made.disconnect();
  });

  test(`${kind}: what was missed comes in order, once`, async () => {
    const made = await connected(broker, { kind });
    const channel = `stream:${kind}`.replaceAll(' ', '-');
    const room = await subscribed(made, channel);
    await link.publish(channel, 1, true);
    await seen(room, 1);
    const away = told(room, 'unsubscribed');
    room.unsubscribe();
    await away;
    for (const n of [2, 3, 4]) await link.publish(channel, n, true);
    const back = told(room, 'subscribed');
    room.subscribe();
    const context = await back;
    assert.equal(context.recovered, true);
    await link.publish(channel, 5, true);
    assert.deepEqual(await seen(room, 5), [1, 2, 3, 4, 5]);
    made.disconnect();
  });

  test(`${kind}: deltas arrive as what was published`, async () => {
    const made = await connected(broker, { kind });
    const channel = `delta:${kind}`.replaceAll(' ', '-');
    const room = await subscribed(made, channel, { delta: 'fossil' });
    const filler = 'long enough to be worth a patch, ä€😀 included. '.repeat(8);
    const sent = [];
    for (let n = 0; n < 6; n += 1) {
      const data = { n, text: filler, tail: 'é'.repeat(n) };
      sent.push(data);
      await link.publish(channel, data, true);
    }
    assert.deepEqual(await seen(room, 6), sent);
    const away = told(room, 'unsubscribed');
    room.unsubscribe();
    await away;
    for (let n = 6; n < 9; n += 1) {
      const data = { n, text: filler };
      sent.push(data);
      await link.publish(channel, data, true);
    }
    const back = told(room, 'subscribed');
    room.subscribe();
    await back;
    sent.push({ n: 9, text: filler });
    await link.publish(channel, sent.at(-1), true);
    assert.deepEqual(await seen(room, 10), sent);
    made.disconnect();
  });

  test(`${kind}: the filter lets through what it names`, async () => {
    const made = await connected(broker, { kind });
    const channel = `open:filter-${kind}`.replaceAll(' ', '-');
    const room = await subscribed(made, channel, {
      tagsFilter: { key: 'lang', cmp: 'in', vals: ['de', 'fr'] },
    });
    for (const lang of ['en', 'de', 'es', 'fr']) {
      await broker.api('publish', { channel, data: lang, tags: { lang } });
    }
    assert.deepEqual(await seen(room, 2), ['de', 'fr']);
    made.disconnect();
  });

  test(`${kind}: joins and leaves are told`, async () => {
    const watcher = await connected(broker, { kind });
    const channel = `all:joins-${kind}`.replaceAll(' ', '-');
    const room = await subscribed(watcher, channel, { joinLeave: true });
    const joined = new Promise((done) => {
      room.on('join', ({ info }) => {
        if (info.client !== watcher.context.client) done(info);
      });
    });
    const other = await connected(broker);
    const theirs = await subscribed(other, channel);
    assert.equal((await joined).client, other.context.client);
    const leaves = told(room, 'leave');
    theirs.unsubscribe();
    assert.equal((await leaves).info.client, other.context.client);
    other.disconnect();
    watcher.disconnect();
  });

  test(`${kind}: a disconnect by the API ends it for good`, async () => {
    const made = await connected(broker, { kind });
    const ended = told(made, 'disconnected');
    await broker.api('disconnect', {
      user: '',
      client: made.context.client,
      disconnect: { code: 4501, reason: 'bye' },
    });
    assert.deepEqual(await ended, { code: 4501, reason: 'bye' });
  });

  test(`${kind}: many commands at once are answered each`, async () => {
    const made = await connected(broker, { kind });
    const rooms = await Promise.all(
      Array.from({ length: 40 }, (_, i) => subscribed(made, `open:many-${i}`)),
    );
    await Promise.all(rooms.map((room, i) => room.publish({ i })));
    for (const [i, room] of rooms.entries()) {
      assert.deepEqual(await seen(room, 1), [{ i }]);
    }
    made.disconnect();
  });
}

test('JSON and Protobuf clients of a channel see the same', async () => {
  const all = await Promise.all(
    kinds.map((kind) => connected(broker, { kind })),
  );
  const rooms = await Promise.all(
    all.map((one) => subscribed(one, 'stream:same')),
  );
  const sent = Array.from({ length: 200 }, (_, n) => ({ n, text: 'ä😀' }));
  for (const event of sent) link.publish('stream:same', event);
  for (const room of rooms) assert.deepEqual(await seen(room, 200), sent);
  for (const one of all) one.disconnect();
});

test('bytes that are not JSON end a JSON client with 3506', async () => {
  const binary = await connected(broker, { kind: 'protobuf websocket' });
  const text = await connected(broker, { kind: 'json websocket' });
  const room = await subscribed(binary, 'open:bytes');
  await subscribed(text, 'open:bytes');
  const ended = told(text, 'disconnected');
  await broker.api('publish', {
    channel: 'open:bytes',
    b64data: Buffer.from([1, 2, 255]).toString('base64'),
  });
  assert.equal((await ended).code, 3506);
  while (room.raw.length < 1) await told(room, 'publication');
  assert.deepEqual([...room.raw[0]], [1, 2, 255]);
  binary.disconnect();
});
