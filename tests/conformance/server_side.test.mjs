// What the server does to connections: subscribes, unsubscribes, ends them; by
// the API, by the site's document, by a changed stream.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { client, connected, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';

const site = (more = {}) => ({
  version: 1,
  key: 'site',
  hosts: ['page.test'],
  origins: ['http://page.test'],
  api_keys: ['site-key'],
  namespaces: [
    {
      name: 'news',
      subscribe: 'everyone',
      history_size: 10,
      history_ttl: '60s',
      force_recovery: true,
    },
  ],
  ...more,
});
const page = { origin: 'http://page.test' };

let broker;
let link;
before(async () => {
  broker = await Broker.start();
  link = await Link.open(broker.socket);
  await link.call('site', { document: site() });
});
after(async () => {
  link.close();
  await broker.remove();
});

test('the API subscribes a client, which recovers what it missed', async () => {
  const made = await connected(broker, page);
  const came = told(made, 'subscribed');
  const { result } = await link.call('subscribe', {
    user: '',
    client: made.context.client,
    channel: 'news:1',
    data: { by: 'server' },
  });
  assert.deepEqual(result, {});
  const context = await came;
  assert.equal(context.channel, 'news:1');
  assert.equal(context.recoverable, true);
  assert.deepEqual(context.data, { by: 'server' });
  const heard = told(made, 'publication');
  await link.publish('news:1', 'hello', true);
  assert.equal((await heard).data, 'hello');
  const over = told(made, 'unsubscribed');
  await link.call('unsubscribe', {
    user: '',
    client: made.context.client,
    channel: 'news:1',
  });
  assert.equal((await over).channel, 'news:1');
  made.disconnect();
});

test('bytes that were missed end a JSON client with 3506', async () => {
  const cache = {
    name: 'cache',
    subscribe: 'everyone',
    history_size: 1,
    history_ttl: '60s',
    force_recovery: true,
    force_recovery_mode: 'cache',
    auto_cache_recover: true,
  };
  await link.call('site', {
    document: site({
      namespaces: [...site().namespaces, cache],
      subscriptions: [{ channel: 'cache:1' }],
    }),
  });
  const published = await broker.api(
    'publish',
    { channel: 'cache:1', b64data: Buffer.from([1, 255]).toString('base64') },
    { 'X-API-Key': 'site-key' },
  );
  assert.equal(published.error, undefined);
  const made = client(broker, page);
  const ended = told(made, 'disconnected');
  made.connect();
  assert.equal((await ended).code, 3506);
  await link.call('site', { document: site() });
});

test('the document subscribes those whom its rule names', async () => {
  await link.call('site', {
    document: site({ subscriptions: [{ channel: 'news:front' }] }),
  });
  const made = client(broker, page);
  const came = told(made, 'subscribed');
  made.connect();
  assert.equal((await came).channel, 'news:front');
  const heard = told(made, 'publication');
  await link.publish('news:front', 1, true);
  assert.equal((await heard).offset, 1);
  // Lost for a moment: what came meanwhile is recovered with the connection.
  const back = told(made, 'subscribed');
  made._transport._transport.terminate();
  await link.publish('news:front', 2, true);
  const missed = told(made, 'publication');
  const context = await back;
  assert.equal(context.wasRecovering, true);
  assert.equal(context.recovered, true);
  assert.equal((await missed).data, 2);
  await subscribed(made, 'news:other');
  const twice = made.newSubscription('news:front');
  const refused = told(twice, 'unsubscribed');
  twice.subscribe();
  assert.equal((await refused).code, 105);
  const over = told(made, 'unsubscribed');
  await link.call('site', {
    document: site({
      namespaces: [{ ...site().namespaces[0], subscribe: 'server' }],
      subscriptions: [],
    }),
  });
  assert.ok((await over).channel);
  made.disconnect();
  await link.call('site', { document: site() });
});

test('who follows a stream is told when it is another one', async () => {
  const made = await connected(broker, page);
  const room = await subscribed(made, 'news:stream');
  await link.publish('news:stream', 1, true);
  while (room.seen.length < 1) await told(room, 'publication');
  const again = new Promise((done) => {
    room.on('subscribing', ({ code }) => done(code));
  });
  const back = told(room, 'subscribed');
  // Its namespace loses its history, and gets it back.
  await link.call('site', {
    document: site({ namespaces: [{ name: 'news', subscribe: 'everyone' }] }),
  });
  assert.equal(await again, 2500);
  await link.call('site', { document: site() });
  assert.equal((await back).channel, 'news:stream', 'it came back by itself');
  made.disconnect();
});

test('one whom the server subscribed comes back for it with 3010', async () => {
  const front = [{ channel: 'news:front' }];
  await link.call('site', { document: site({ subscriptions: front }) });
  const made = client(broker, page);
  const came = told(made, 'subscribed');
  made.connect();
  assert.equal((await came).positioned, true);
  const left = told(made, 'connecting');
  await link.call('site', {
    document: site({
      subscriptions: front,
      namespaces: [{ name: 'news', subscribe: 'everyone' }],
    }),
  });
  assert.equal((await left).code, 3010);
  await told(made, 'connected');
  made.disconnect();
  await link.call('site', { document: site() });
});

test('a disconnect spares whom it is told to, and has its own code', async () => {
  const spared = await connected(broker, page);
  const other = await connected(broker, page);
  const ended = told(other, 'disconnected');
  await link.call('disconnect', {
    user: '',
    whitelist: [spared.context.client],
    code: 4600,
    reason: 'maintenance',
  });
  assert.deepEqual(await ended, { code: 4600, reason: 'maintenance' });
  assert.equal(spared.state, 'connected');
  spared.disconnect();
});

test('calls say what is wrong with them', async () => {
  for (const [method, params, code] of [
    ['subscribe', { channel: 'news:1' }, 107],
    ['subscribe', { user: '5', channel: 'nope:1' }, 102],
    ['subscribe', { user: '5' }, 107],
    ['unsubscribe', { channel: 'news:1' }, 107],
    ['disconnect', {}, 107],
    ['disconnect', { user: '5', code: 5 }, 107],
    ['refresh', { user: '5', expire_at: 'soon' }, 107],
    ['presence', { channel: 'news:1' }, 108],
    ['presence', {}, 107],
    ['history', { channel: 'news:1', limit: 'all' }, 107],
    ['history', { channel: 'news:1', since: 5 }, 107],
    ['history', { channel: 'news:1', reverse: true, since: {} }, 107],
    ['rpc', { method: 'nope' }, 108],
    ['batch', { commands: {} }, 107],
    ['block_user', {}, 107],
    ['revoke_token', {}, 107],
    ['nope', {}, 104],
  ]) {
    const { error } = await link.call(method, params);
    assert.equal(error?.code, code, `${method} ${JSON.stringify(params)}`);
    assert.ok(error.message);
  }
});

test('history, channels and batches over HTTP, in both error modes', async () => {
  const api = async (method, params, headers = {}) => {
    const response = await fetch(
      `http://127.0.0.1:${broker.internal}/api/${method}`,
      {
        method: 'POST',
        headers: { 'X-API-Key': 'site-key', ...headers },
        body: JSON.stringify(params),
      },
    );
    return [response.status, await response.json()];
  };
  const [, { result: batch }] = await api('batch', {
    commands: [
      { publish: { channel: 'news:http', data: 1 } },
      { publish: { channel: 'nope:1', data: 1 } },
      { history: { channel: 'news:http', limit: 5 } },
    ],
  });
  assert.equal(batch.replies[0].publish.offset, 1);
  assert.equal(batch.replies[1].error.code, 102);
  assert.equal(batch.replies[2].history.publications[0].data, 1);
  const made = await connected(broker, page);
  await subscribed(made, 'news:http');
  const [, { result: listed }] = await api('channels', { pattern: 'news:h*' });
  assert.deepEqual(listed.channels, { 'news:http': { num_clients: 1 } });
  await api('history_remove', { channel: 'news:http' });
  const [, { result: after }] = await api('history', {
    channel: 'news:http',
    limit: 5,
  });
  assert.deepEqual(after.publications, []);
  assert.equal(after.offset, 1);
  const mode = { 'X-Centrifugo-Error-Mode': 'transport' };
  for (const [method, params, status] of [
    ['publish', { channel: 'nope:1', data: 1 }, 404],
    ['publish', {}, 400],
    ['presence', { channel: 'news:1' }, 400],
    ['history', { channel: 'news:1', since: { offset: 1, epoch: 'x' } }, 416],
  ]) {
    const [got, body] = await api(method, params, mode);
    assert.equal(got, status, method);
    assert.ok(body.code && body.message);
  }
  made.disconnect();
});
