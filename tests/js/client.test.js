import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createClient } from '../../drupal_module/drupalrt/js/src/client.js';
import { FakeBroker, page, until } from './fake_broker.js';
import { FakeSite } from './fake_site.js';

let broker;
let client;

const newClient = ({ browser, ...options } = {}) => {
  client = createClient({
    location: page(),
    browser: {
      WebSocket: broker.WebSocket,
      fetch: null,
      EventSource: null,
      ...browser,
    },
    minReconnectDelay: 1,
    maxReconnectDelay: 2,
    ...options,
  });
  return client;
};

const subscribed = (...names) =>
  until(() =>
    names.every((name) => client.channel(name).state === 'subscribed'),
  );

beforeEach(() => {
  broker = new FakeBroker();
});

afterEach(() => {
  client?.disconnect();
});

test('a page that listens to nothing does not connect', () => {
  newClient().channel('node:7');
  assert.equal(broker.sockets.length, 0);
});

test('a listener gets what is published', async () => {
  const heard = [];
  newClient()
    .channel('node:7')
    .on((data) => heard.push(data));
  await subscribed('node:7');
  broker.publish('node:7', { title: 'New' });
  await until(() => heard.length > 0);
  assert.deepEqual(heard, [{ title: 'New' }]);
});

test('all channels of a page share one connection', async () => {
  newClient();
  ['node:7', 'chat:1', 'node:7'].forEach((name) =>
    client.channel(name).on(() => {}),
  );
  await subscribed('node:7', 'chat:1');
  assert.equal(broker.sockets.length, 1);
  assert.deepEqual(
    broker.seen('subscribe').map(({ channel }) => channel),
    ['node:7', 'chat:1'],
  );
});

test('the last listener that leaves ends the subscription', async () => {
  const [first, second] = [() => {}, () => {}];
  newClient().channel('node:7').on(first).on(second);
  await subscribed('node:7');
  client.channel('node:7').off(first);
  assert.equal(client.channel('node:7').state, 'subscribed');
  client.channel('node:7').off(second);
  await until(() => broker.seen('unsubscribe').length === 1);
  assert.equal(client.channel('node:7').state, 'unsubscribed');
});

test('a channel can be left and listened to again', async () => {
  const heard = [];
  newClient()
    .channel('node:7')
    .on(() => {})
    .off()
    .on((data) => heard.push(data));
  await subscribed('node:7');
  broker.publish('node:7', 1);
  await until(() => heard.length > 0);
  assert.deepEqual(heard, [1]);
});

test('a listener that throws keeps nothing from the others', async () => {
  const heard = [];
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  newClient()
    .channel('node:7')
    .on(() => {
      throw new Error('mistake of the page');
    })
    .on((data) => heard.push(data));
  await subscribed('node:7');
  broker.publish('node:7', 1);
  await until(() => heard.length > 0);
  delete globalThis.reportError;
  assert.deepEqual(reported, ['mistake of the page']);
  assert.deepEqual(heard, [1]);
  assert.equal(client.state, 'connected');
});

test('publishing reaches the broker, connecting where need be', async () => {
  await newClient().publish('chat:1', { text: 'hello' });
  assert.deepEqual(broker.seen('publish'), [
    { channel: 'chat:1', data: { text: 'hello' } },
  ]);
});

test('a refused publication says why, and needs no listener', async () => {
  const error = { code: 103, message: 'permission denied' };
  broker.answers.set('chat:1', { error });
  newClient().publish('chat:1', 'not looked at');
  await assert.rejects(client.publish('chat:1', 1), error);
});

test('a refused subscription is told and not tried again', async () => {
  broker.answers.set('staff:1', {
    error: { code: 103, message: 'permission denied' },
  });
  const told = await new Promise((resolve) => {
    newClient()
      .channel('staff:1')
      .on('unsubscribed', (context) => resolve(context));
  });
  assert.equal(told.code, 103);
  assert.equal(broker.seen('subscribe').length, 1);
  assert.equal(client.state, 'connected');
});

test('nothing is resynced while all goes well', async () => {
  const resyncs = [];
  newClient().on('resync', (context) => resyncs.push(context));
  client.channel('node:7').on(() => {});
  await subscribed('node:7');
  client.channel('node:8').on(() => {});
  await subscribed('node:8');
  assert.deepEqual(resyncs, []);
});

test('after an outage it comes back and resyncs the page once', async () => {
  const resyncs = [];
  const heard = [];
  newClient().on('resync', (context) => resyncs.push(context));
  client.channel('node:7').on((data) => heard.push(data));
  client.channel('node:8').on(() => {});
  await subscribed('node:7', 'node:8');

  broker.stop();
  await until(() => broker.sockets.length > 3);
  broker.start();
  await until(() => resyncs.length > 0);
  await subscribed('node:7', 'node:8');
  broker.publish('node:7', 'after');
  await until(() => heard.length > 0);

  assert.deepEqual(resyncs, [{ channels: ['node:7', 'node:8'] }]);
  assert.deepEqual(heard, ['after']);
});

test('what the broker could recover needs no resync', async () => {
  const position = { recoverable: true, epoch: 'e', offset: 1 };
  broker.answers.set('node:7', { subscribe: position });
  const resyncs = [];
  newClient().on('resync', (context) => resyncs.push(context));
  client.channel('node:7').on(() => {});
  await subscribed('node:7');
  broker.answers.set('node:7', {
    subscribe: { ...position, recovered: true, was_recovering: true },
  });

  broker.stop();
  broker.start();
  await until(() => broker.seen('subscribe').length === 2);
  await subscribed('node:7');

  assert.equal(broker.seen('subscribe')[1].recover, true);
  assert.deepEqual(resyncs, []);
});

test('a page that found no broker at first resyncs when one comes', async () => {
  broker.stop();
  const resyncs = [];
  newClient().on('resync', (context) => resyncs.push(context));
  client.channel('node:7').on(() => {});
  await until(() => broker.sockets.length > 1);
  broker.start();
  await subscribed('node:7');
  assert.deepEqual(resyncs, [{ channels: ['node:7'] }]);
});

test('a page without channels hears of a reconnect too', async () => {
  const resyncs = [];
  newClient()
    .on('resync', (context) => resyncs.push(context))
    .connect();
  await until(() => client.state === 'connected');
  broker.stop();
  broker.start();
  await until(() => resyncs.length > 0);
  assert.deepEqual(resyncs, [{ channels: [] }]);
});

test('the states are told in order', async () => {
  const states = [];
  newClient()
    .on('state', ({ state }) => states.push(state))
    .connect();
  await until(() => client.state === 'connected');
  client.disconnect();
  assert.deepEqual(states, ['connecting', 'connected', 'disconnected']);
});

test('sent away for good, it stays away until it is told to connect', async () => {
  newClient()
    .channel('node:7')
    .on(() => {});
  await subscribed('node:7');
  broker.stop(4501, 'session ended');
  broker.start();
  client.channel('node:8').on(() => {});
  assert.equal(client.state, 'disconnected');
  assert.equal(broker.sockets.length, 1);
  client.connect();
  await subscribed('node:7', 'node:8');
});

test('what the broker subscribes by itself arrives all the same', async () => {
  const heard = [];
  const refused = [];
  broker.subs = { 'user:5': {} };
  broker.answers.set('user:5', {
    error: { code: 105, message: 'already subscribed' },
  });
  newClient()
    .channel('user:5')
    .on((data) => heard.push(data))
    .on('unsubscribed', (context) => refused.push(context));
  await until(() => broker.seen('subscribe').length === 1);
  broker.publish('user:5', 'for you');
  await until(() => heard.length > 0);
  assert.deepEqual(heard, ['for you']);
  assert.deepEqual(refused, []);
});

test('a channel with a token shows it', async () => {
  newClient()
    .channel('draft:7', { token: 'signed' })
    .on(() => {});
  await subscribed('draft:7');
  assert.equal(broker.seen('subscribe')[0].token, 'signed');
});

test('a channel with { token: true } fetches one from the site', async () => {
  const site = new FakeSite();
  newClient({ tokens: site.routes, browser: { fetch: site.fetch } })
    .channel('draft:7', { token: true })
    .on(() => {});
  await subscribed('draft:7');
  assert.equal(broker.seen('subscribe')[0].token, 'draft:7 of 5');
});

test('a channel that the site refuses is told so, once', async () => {
  const site = new FakeSite();
  site.refused = true;
  const told = await new Promise((resolve) => {
    newClient({ tokens: site.routes, browser: { fetch: site.fetch } })
      .channel('draft:7', { token: true })
      .on('unsubscribed', resolve);
  });
  assert.equal(told.reason, 'unauthorized');
  assert.equal(site.questions.length, 1);
  assert.deepEqual(broker.seen('subscribe'), []);
});

test('whoever comes back as another has tokens of that one', async () => {
  const site = new FakeSite();
  const heard = [];
  newClient({ tokens: site.routes, browser: { fetch: site.fetch } })
    .on('resync', () => heard.push('resync'))
    .channel('draft:7', { token: true })
    .on((data) => heard.push(data));
  await subscribed('draft:7');
  site.user = '6';
  broker.stop(4001, 'session ended');
  broker.start();
  await until(() => broker.seen('subscribe').length === 2);
  await subscribed('draft:7');
  broker.publish('draft:7', 1);
  await until(() => heard.includes(1));
  assert.equal(broker.seen('subscribe')[1].token, 'draft:7 of 6');
  assert.deepEqual(heard, ['resync', 1]);
});

test('where the site says so, whoever connects has a token', async () => {
  const site = new FakeSite();
  const routes = { ...site.routes, connection: '/token/connection' };
  newClient({ tokens: routes, browser: { fetch: site.fetch } }).connect();
  await until(() => client.state === 'connected');
  site.user = '';
  broker.stop(4001, 'session ended');
  broker.start();
  await until(() => broker.seen('connect').length === 2);
  assert.deepEqual(
    broker.seen('connect').map(({ token }) => token),
    ['connection of 5', 'connection of '],
  );
});

test('an https page with an unencrypted broker stays silent', async () => {
  const states = [];
  newClient({ location: page('https:'), url: 'http://rt.test' })
    .on('state', (context) => states.push(context))
    .channel('node:7')
    .on(() => {});
  assert.equal(states.at(-1).reason, 'mixed content');
  assert.equal(broker.sockets.length, 0);
  await assert.rejects(client.publish('node:7', 1));
});

test('a bad address is no exception either', () => {
  newClient({ url: 'http://:bad:' })
    .channel('node:7')
    .on(() => {});
  assert.equal(client.state, 'disconnected');
});

test('a browser that can do nothing of it is no exception either', () => {
  newClient({ browser: { WebSocket: null } })
    .channel('node:7')
    .on(() => {});
  assert.equal(client.state, 'disconnected');
  assert.equal(broker.sockets.length, 0);
});

test('where no WebSocket gets through it streams over HTTP, with cookies', async () => {
  const heard = [];
  const refused = new FakeBroker();
  refused.stop();
  newClient({
    browser: { WebSocket: refused.WebSocket, fetch: broker.fetch },
  })
    .channel('node:7')
    .on((data) => heard.push(data));
  await subscribed('node:7');
  broker.publish('node:7', 1);
  await until(() => heard.length > 0);
  assert.ok(refused.sockets.length > 0);
  assert.deepEqual(broker.requests, [
    {
      address: 'http://site.test:8000/connection/http_stream',
      credentials: 'include',
    },
    { address: 'http://site.test:8000/emulation', credentials: 'include' },
  ]);
});

test('a broker that was away is met by WebSocket all the same', async () => {
  broker.stop();
  const { fetch, EventSource } = broker;
  newClient({ browser: { fetch, EventSource } })
    .channel('node:7')
    .on(() => {});
  await until(() => broker.sockets.length > 5);
  broker.start();
  await subscribed('node:7');
  assert.deepEqual(broker.requests, []);
});

test('a proxy that answers for a broker that is away is none', async () => {
  broker.stop();
  let asked = 0;
  const fetch = async () => {
    asked += 1;
    return { ok: false, type: 'basic', status: 502 };
  };
  newClient({ browser: { fetch } })
    .channel('node:7')
    .on(() => {});
  await until(() => asked > 5);
  assert.equal(client.state, 'connecting');
  broker.start();
  await subscribed('node:7');
});

test('without streams to read it listens to an event source, with cookies', async () => {
  const heard = [];
  const { fetch, EventSource } = broker;
  newClient({
    browser: { WebSocket: null, ReadableStream: null, fetch, EventSource },
  })
    .channel('node:7')
    .on((data) => heard.push(data));
  await subscribed('node:7');
  broker.publish('node:7', 1);
  await until(() => heard.length > 0);
  const [source, said] = broker.requests;
  assert.match(source.address, /^http:\/\/site\.test:8000\/connection\/sse\?/);
  assert.equal(source.withCredentials, true);
  assert.equal(said.credentials, 'include');
});

test('who is there, how many, and what was said can be asked', async () => {
  const member = { user: '5', client: 'c9', conn_info: { name: 'member' } };
  broker.results.set('presence', { presence: { c9: member } });
  broker.results.set('presence_stats', { num_clients: 2, num_users: 1 });
  broker.results.set('history', {
    publications: [{ data: 'hello', offset: 4 }],
    epoch: 'e',
    offset: 4,
  });
  const channel = newClient().channel('chat:1');

  const { clients } = await channel.presence();
  assert.deepEqual(clients.c9.connInfo, { name: 'member' });
  assert.deepEqual(await channel.presenceStats(), {
    numClients: 2,
    numUsers: 1,
  });
  const since = { offset: 3, epoch: 'e' };
  const history = await channel.history({ limit: 10, since, reverse: true });
  assert.equal(history.publications[0].data, 'hello');
  assert.deepEqual([history.offset, history.epoch], [4, 'e']);
  assert.deepEqual(broker.seen('history'), [
    { channel: 'chat:1', limit: 10, since, reverse: true },
  ]);
});

test('those who come and go are told', async () => {
  const told = [];
  newClient()
    .channel('chat:1')
    .on('join', ({ info }) => told.push(['join', info.user]))
    .on('leave', ({ info }) => told.push(['leave', info.user]));
  await subscribed('chat:1');
  broker.push({
    channel: 'chat:1',
    join: { info: { user: '5', client: 'c' } },
  });
  broker.push({
    channel: 'chat:1',
    leave: { info: { user: '5', client: 'c' } },
  });
  await until(() => told.length === 2);
  assert.deepEqual(told, [
    ['join', '5'],
    ['leave', '5'],
  ]);
});

test('so they are in channels that the broker subscribes by itself', async () => {
  const told = [];
  broker.subs = { 'lobby:1': {} };
  broker.answers.set('lobby:1', {
    error: { code: 105, message: 'already subscribed' },
  });
  newClient()
    .channel('lobby:1')
    .on('join', ({ info }) => told.push(info.user));
  await until(() => broker.seen('subscribe').length === 1);
  broker.push({
    channel: 'lobby:1',
    join: { info: { user: '5', client: 'c' } },
  });
  await until(() => told.length === 1);
  assert.deepEqual(told, ['5']);
});

test('a page can say that it missed nothing', async () => {
  const position = { recoverable: true, epoch: 'e', offset: 1 };
  broker.answers.set('node:7', { subscribe: position });
  const told = [];
  newClient()
    .channel('node:7')
    .on('subscribed', ({ wasRecovering, recovered }) =>
      told.push([wasRecovering, recovered]),
    );
  await subscribed('node:7');
  broker.answers.set('node:7', {
    subscribe: { ...position, recovered: true, was_recovering: true },
  });
  broker.stop();
  broker.start();
  await until(() => told.length === 2);
  assert.deepEqual(told, [
    [false, false],
    [true, true],
  ]);
});

test('what a channel is to be like is said to the broker', async () => {
  const filter = { key: 'lang', cmp: 'eq', val: 'de' };
  newClient()
    .channel('node:7', { recoverable: true, joinLeave: true, delta: true })
    .on(() => {});
  client.channel('node:8', { tagsFilter: filter }).on(() => {});
  await subscribed('node:7', 'node:8');
  const [first, second] = broker.seen('subscribe');
  assert.equal(first.recoverable, true);
  assert.equal(first.join_leave, true);
  assert.equal(first.delta, 'fossil');
  assert.deepEqual(second.tf, filter);
});

test('an unknown kind of listener is a mistake of the page', () => {
  assert.throws(
    () => newClient().channel('node:7').on('publication', 'x'),
    TypeError,
  );
});
