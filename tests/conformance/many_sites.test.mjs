// Several sites on one broker: the same users, channels and cookie names in
// each, and nothing of one in the other; each with its own limits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { client, connected, seen, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';
import { RecordedSite } from './recorded_site.mjs';

const USER = 3; // in both of them
const SECRETS = { one: '1'.repeat(40), two: '2'.repeat(40) };

const more = (key) => ({
  key,
  secret: SECRETS[key],
  api_keys: [`key of ${key}`],
  namespaces: [
    {
      name: 'room',
      subscribe: 'logged-in',
      publish: 'logged-in',
      presence: true,
      history_size: 10,
      history_ttl: '60s',
    },
    { name: 'open', subscribe: 'everyone', publish: 'everyone' },
  ],
});

let broker;
let link;
let one;
let two;
before(async () => {
  one = new RecordedSite('drupal10-sqlite', more('one'));
  two = new RecordedSite('drupal11-sqlite', more('two'));
  broker = await Broker.start({ flags: ['--sweep-interval', '300ms'] });
  link = await Link.open(broker.socket);
  for (const { document } of [one, two]) {
    assert.ok((await link.call('site', { document })).result);
  }
});
after(async () => {
  link.close();
  await broker.remove();
  one.remove();
  two.remove();
});

const join = (site, cookie = site.cookie(USER)) =>
  connected(broker, { origin: site.origin, cookie });
const api = (site, method, params) =>
  broker.api(method, params, { 'X-API-Key': `key of ${site.document.key}` });
const ended = (made) =>
  Promise.race(
    ['connecting', 'disconnected'].map((event) => told(made, event)),
  );

test('a cookie of one site is nobody’s in the other', async () => {
  assert.deepEqual(one.document.cookies, two.document.cookies);
  const at = await join(two, one.cookie(USER));
  const room = at.newSubscription('room:1');
  const refused = told(room, 'unsubscribed');
  room.subscribe();
  assert.equal((await refused).code, 103);
  at.disconnect();
});

test('the same channel and the same user are two of each', async () => {
  const inOne = await join(one);
  const inTwo = await join(two);
  const roomOne = await subscribed(inOne, 'room:1');
  const roomTwo = await subscribed(inTwo, 'room:1');
  await roomOne.publish('said in one');
  await roomTwo.publish('said in two');
  assert.deepEqual(await seen(roomOne, 1), ['said in one']);
  assert.deepEqual(await seen(roomTwo, 1), ['said in two']);
  for (const site of [one, two]) {
    const { result } = await api(site, 'presence', { channel: 'room:1' });
    assert.equal(Object.keys(result.presence).length, 1);
    const past = await api(site, 'history', { channel: 'room:1', limit: 10 });
    assert.deepEqual(
      past.result.publications.map(({ data }) => data),
      [`said in ${site.document.key}`],
    );
  }
  const gone = ended(inOne);
  await api(one, 'disconnect', { user: String(USER) });
  await gone;
  assert.equal(inTwo.state, 'connected');
  inOne.disconnect();
  inTwo.disconnect();
});

test('what changes in one site concerns its users alone', async () => {
  const inOne = await join(one);
  const inTwo = await join(two);
  const gone = ended(inOne);
  one.sql(`UPDATE users_field_data SET status = 0 WHERE uid = ${USER}`);
  assert.equal((await gone).code, 4001);
  const notice = { users: [USER], roles: true };
  const secret = SECRETS.one;
  assert.deepEqual(await link.call('site', { notice, key: 'one', secret }), {
    result: {},
  });
  const room = await subscribed(inTwo, 'room:2');
  assert.equal(room.state, 'subscribed');
  assert.equal(inTwo.state, 'connected');
  one.sql(`UPDATE users_field_data SET status = 1 WHERE uid = ${USER}`);
  inOne.disconnect();
  inTwo.disconnect();
});

test('two sites of one system user need the right secret each', async () => {
  const wrong = SECRETS.two;
  for (const params of [
    { notice: { users: [USER] }, key: 'one', secret: wrong },
    { document: { ...one.document, secret: wrong }, secret: wrong },
    { remove: 'one', secret: wrong },
  ]) {
    const { error } = await link.call('site', params);
    assert.equal(error.code, 103, JSON.stringify(params).slice(0, 60));
  }
  link.select('one', wrong);
  assert.equal((await link.publish('room:1', 'forged', true)).error.code, 103);
  link.select('one', SECRETS.one);
  assert.ok((await link.publish('room:1', 'mine', true)).result);
});

test('another document takes rights away from who is connected', async () => {
  const grants = (permissions) => ({
    ...one.document,
    namespaces: [{ name: 'read', subscribe: { permission: 'read it' } }],
    roles: { authenticated: { permissions } },
  });
  const secret = SECRETS.one;
  await link.call('site', { document: grants(['read it']), secret });
  const made = await join(one);
  const first = await subscribed(made, 'read:1');
  const over = told(first, 'unsubscribed');
  await link.call('site', { document: grants([]), secret });
  assert.equal((await over).code, 2100);
  await link.call('site', { document: one.document, secret });
  made.disconnect();
});

async function limited(limits, act) {
  const document = { ...one.document, limits };
  const secret = SECRETS.one;
  const { error } = await link.call('site', { document, secret });
  assert.equal(error, undefined);
  try {
    await act();
  } finally {
    await link.call('site', { document: one.document, secret });
  }
}

const handshake = async (site) => {
  const url = `http://127.0.0.1:${broker.port}/connection/uni_sse`;
  const leave = new AbortController();
  const { status } = await fetch(url, {
    headers: { Origin: site.origin },
    signal: leave.signal,
  });
  leave.abort();
  return status;
};

for (const name of ['connection_limit', 'address_connection_limit']) {
  test(`${name} is a site's own`, () =>
    limited({ [name]: 2 }, async () => {
      const all = [await join(one), await join(one)];
      assert.equal(await handshake(one), 503);
      for (let i = 0; i < 3; i += 1) all.push(await join(two));
      all[0].disconnect();
      // As soon as it is gone, another one gets in.
      all.push(await join(one));
      for (const made of all) made.disconnect();
    }));
}

test('connection_rate_limit is a site’s own', () =>
  limited({ connection_rate_limit: 3 }, async () => {
    const codes = [];
    for (let i = 0; i < 12; i += 1) codes.push(await handshake(one));
    assert.ok(codes.includes(503));
    for (let i = 0; i < 12; i += 1) assert.equal(await handshake(two), 200);
  }));

test('user_connection_limit is a site’s own', () =>
  limited({ user_connection_limit: 1 }, async () => {
    const all = [await join(one), await join(two), await join(two)];
    const late = client(broker, {
      origin: one.origin,
      cookie: one.cookie(USER),
    });
    const over = told(late, 'disconnected');
    late.connect();
    assert.equal((await over).code, 3504);
    for (const made of all) made.disconnect();
  }));

test('channel_limit is a site’s own', () =>
  limited({ channel_limit: 3 }, async () => {
    const made = await join(one); // one channel is the user's own
    await subscribed(made, 'room:1');
    await subscribed(made, 'room:2');
    const more = made.newSubscription('room:3');
    const refused = told(more, 'unsubscribed');
    more.subscribe();
    assert.equal((await refused).code, 106);
    const other = await join(two);
    for (let i = 0; i < 5; i += 1) await subscribed(other, `room:${i}`);
    made.disconnect();
    other.disconnect();
  }));

const publishes = async (made, count) => {
  const all = await Promise.allSettled(
    Array.from({ length: count }, () => made.publish('open:1', 1)),
  );
  return all.filter(({ reason }) => reason?.code === 111).length;
};

for (const kind of ['command', 'user_command']) {
  test(`${kind}_rate_limit is a site's own`, () =>
    limited({ [`${kind}_rate_limit`]: 1, [`${kind}_burst`]: 4 }, async () => {
      const made = await join(one);
      const other = await join(two);
      assert.ok((await publishes(made, 12)) >= 7);
      assert.equal(await publishes(other, 12), 0);
      made.disconnect();
      other.disconnect();
    }));
}

test('error_rate_limit is a site’s own', () =>
  limited({ error_rate_limit: 3 }, async () => {
    const made = await join(one);
    const other = await join(two);
    const over = told(made, 'disconnected');
    for (let i = 0; i < 5; i += 1) {
      made.rpc('nope', {}).catch(() => {});
      await other.rpc('nope', {}).catch(() => {});
    }
    assert.equal((await over).code, 3509);
    assert.equal(other.state, 'connected');
    other.disconnect();
  }));

test('message_size_limit is a site’s own', () =>
  limited({ message_size_limit: 1024 }, async () => {
    const made = await join(one);
    const other = await join(two);
    const over = ended(made);
    made.publish('open:1', 'x'.repeat(2000)).catch(() => {});
    await over;
    await other.publish('open:1', 'x'.repeat(2000));
    const url = `http://127.0.0.1:${broker.port}/connection/http_stream`;
    const posted = await fetch(url, {
      method: 'POST',
      headers: { Origin: one.origin },
      body: 'x'.repeat(2000),
    });
    assert.equal(posted.status, 413);
    made.disconnect();
    other.disconnect();
  }));

test('limits that say nothing are refused by name', async () => {
  const limits = { command_burst: 5 };
  const { error } = await link.call('site', {
    document: { ...one.document, limits },
    secret: SECRETS.one,
  });
  assert.match(error.message, /\$\.limits\.command_burst/);
});
