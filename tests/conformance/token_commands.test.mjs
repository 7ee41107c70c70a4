// refresh, sub_refresh and tokens of several sites, on the wire.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';

import { Broker } from './broker.mjs';
import { client, connected, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';
import { now, token } from './token.mjs';

const key = 'of connections';
const channelKey = 'of subscriptions';
const SECRET = 's'.repeat(40);
const site = (name, more = {}) => ({
  version: 1,
  key: name,
  hosts: [`${name}.test`],
  origins: [`http://${name}.test`],
  api_keys: [`${name}-key`],
  namespaces: [
    { name: 'open', subscribe: 'everyone' },
    {
      name: 'closed',
      subscribe: 'token',
      presence: true,
      allow_presence_for_subscriber: true,
    },
  ],
  ...more,
});

let dir;
let broker;
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rt-token-'));
  writeFileSync(
    join(dir, 'config.toml'),
    `[client]
allowed_origins = ["http://page.test"]
[client.token]
hmac_secret_key = "${key}"
[client.subscription_token]
enabled = true
hmac_secret_key = "${channelKey}"
[http_api]
key = "api"
[[channel.namespaces]]
name = "open"
subscribe = "everyone"
[[channel.namespaces]]
name = "closed"
subscribe = "token"
`,
  );
  broker = await Broker.start({
    flags: ['--config', join(dir, 'config.toml')],
    sites: [
      site('one', { secret: SECRET, previous_secret: 'the one before' }),
      site('two', { tokens: { hmac_secret_key: 'of two', issuer: 'two' } }),
    ],
  });
});
after(async () => {
  await broker.remove();
  rmSync(dir, { recursive: true });
});

const forConnection = (claims) => token(claims, { key });
const forChannel = (claims) => token(claims, { key: channelKey });

// A connected client that says its commands itself.
class Speaker {
  static async connect(claims) {
    const speaker = new Speaker();
    speaker.socket = new WebSocket(broker.url, { origin: 'http://page.test' });
    speaker.waiting = new Map();
    speaker.closed = new Promise((done) => {
      speaker.socket.on('close', (code) => done(code));
    });
    speaker.socket.on('message', (text) => {
      for (const line of String(text).split('\n')) {
        const reply = JSON.parse(line);
        speaker.waiting.get(reply.id)?.(reply);
      }
    });
    await new Promise((done) => {
      speaker.socket.on('open', done);
    });
    speaker.id = 0;
    await speaker.ask({ connect: { token: forConnection(claims) } });
    return speaker;
  }

  // The reply to a command, or {closed: CODE}.
  async ask(command) {
    this.id += 1;
    const { id } = this;
    const reply = new Promise((done) => {
      this.waiting.set(id, done);
    });
    this.socket.send(JSON.stringify({ id, ...command }));
    const closed = this.closed.then((code) => ({ closed: code }));
    const answer = await Promise.race([reply, closed]);
    if (answer.id !== undefined) delete answer.id;
    return answer;
  }

  close() {
    this.socket.close();
  }
}

const refreshing = async (claims) => {
  const speaker = await Speaker.connect({ sub: '7', exp: now() + 60 });
  const answer = await speaker.ask({
    refresh: {
      token: typeof claims === 'string' ? claims : forConnection(claims),
    },
  });
  speaker.close();
  return answer;
};

test('refresh says how long it goes on now', async () => {
  const { refresh } = await refreshing({ sub: '7', exp: now() + 900 });
  assert.equal(refresh.expires, true);
  assert.ok(refresh.ttl > 890 && refresh.ttl <= 900, String(refresh.ttl));
});

test('a token without an end makes it go on for good', async () => {
  const { refresh } = await refreshing({ sub: '7' });
  assert.equal(refresh.expires, undefined);
  assert.equal(refresh.ttl, undefined);
  const { refresh: either } = await refreshing({
    sub: '7',
    exp: now() + 60,
    expire_at: 0,
  });
  assert.equal(either.ttl, undefined);
});

for (const [what, claims, code] of [
  ['an empty token', '', 3501],
  ['rubbish', 'a.b.c', 3500],
  ['another user', { sub: '8', exp: 4102444800 }, 3500],
  ['a subscription token', { sub: '7', channel: 'closed:1' }, 3500],
  ['an expired token', { sub: '7', exp: 1 }, 3005],
  ['other channels', { sub: '7', channels: ['open:1'] }, 3010],
]) {
  test(`refresh with ${what} ends with ${code}`, async () => {
    assert.deepEqual(await refreshing(claims), { closed: code });
  });
}

test('refresh of what has no end is a mistake', async () => {
  const speaker = await Speaker.connect({ sub: '7' });
  assert.deepEqual(
    await speaker.ask({ refresh: { token: forConnection({ sub: '7' }) } }),
    { closed: 3501 },
  );
});

const subRefreshing = async (claims, first = { exp: now() + 60 }) => {
  const speaker = await Speaker.connect({ sub: '7' });
  const channel = 'closed:1';
  const opened = await speaker.ask({
    subscribe: { channel, token: forChannel({ sub: '7', channel, ...first }) },
  });
  assert.ok(opened.subscribe, JSON.stringify(opened));
  const answer = await speaker.ask({
    sub_refresh: {
      channel,
      token: typeof claims === 'string' ? claims : forChannel(claims),
    },
  });
  speaker.close();
  return answer;
};

test('sub_refresh says how long the subscription goes on now', async () => {
  const { sub_refresh: refresh } = await subRefreshing({
    sub: '7',
    channel: 'closed:1',
    exp: now() + 900,
  });
  assert.equal(refresh.expires, true);
  assert.ok(refresh.ttl > 890 && refresh.ttl <= 900, String(refresh.ttl));
});

for (const [what, claims, answer] of [
  ['rubbish', 'a.b.c', { closed: 3500 }],
  ['another user', { sub: '8', channel: 'closed:1' }, { closed: 3500 }],
  ['another channel', { sub: '7', channel: 'closed:2' }, { closed: 3500 }],
  [
    'another client',
    { sub: '7', channel: 'closed:1', client: 'x' },
    { closed: 3500 },
  ],
  ['a connection token', { sub: '7' }, { closed: 3500 }],
  [
    'an expired token',
    { sub: '7', channel: 'closed:1', exp: 1 },
    { closed: 3006 },
  ],
]) {
  test(`sub_refresh with ${what} ends the connection`, async () => {
    assert.deepEqual(await subRefreshing(claims), answer);
  });
}

test('sub_refresh without a token is a bad request', async () => {
  assert.equal((await subRefreshing('')).error.code, 107);
});

test('sub_refresh of what is not subscribed is denied', async () => {
  const speaker = await Speaker.connect({ sub: '7' });
  const answer = await speaker.ask({
    sub_refresh: {
      channel: 'closed:1',
      token: forChannel({ sub: '7', channel: 'closed:1' }),
    },
  });
  assert.equal(answer.error.code, 103);
  speaker.close();
});

test('sub_refresh of what has no end is a mistake', async () => {
  const answer = await subRefreshing({ sub: '7', channel: 'closed:1' }, {});
  assert.deepEqual(answer, { closed: 3501 });
});

test('an expired subscription token is fetched anew', async () => {
  const speaker = await Speaker.connect({ sub: '7' });
  const channel = 'closed:1';
  const expired = { sub: '7', channel, exp: 1 };
  const answer = await speaker.ask({
    subscribe: { channel, token: forChannel(expired) },
  });
  assert.equal(answer.error.code, 109);
  speaker.close();
});

test('keys of subscriptions are none of connections, nor the other way', async () => {
  const speaker = await Speaker.connect({ sub: '7' });
  const channel = 'closed:1';
  const answer = await speaker.ask({
    subscribe: { channel, token: forConnection({ sub: '7', channel }) },
  });
  assert.equal(answer.error.code, 103);
  speaker.close();
  const made = client(broker, {
    origin: 'http://page.test',
    token: forChannel({ sub: '7' }),
  });
  const ended = told(made, 'disconnected');
  made.connect();
  assert.equal((await ended).code, 3500);
});

// --- Sites ------------------------------------------------------------------

const refusal = async (origin, bad) => {
  const made = client(broker, { origin, token: bad });
  const ended = told(made, 'disconnected');
  made.connect();
  return (await ended).code;
};

test('a site’s tokens are good at that site alone', async () => {
  const one = token({ sub: '5' }, { key: SECRET });
  const before = token({ sub: '5' }, { key: 'the one before' });
  const two = token({ sub: '5', iss: 'two' }, { key: 'of two' });
  for (const [origin, good] of [
    ['http://one.test', one],
    ['http://one.test', before],
    ['http://two.test', two],
  ]) {
    const made = await connected(broker, { origin, token: good });
    made.disconnect();
  }
  assert.equal(await refusal('http://one.test', two), 3500);
  assert.equal(await refusal('http://two.test', one), 3500);
  assert.equal(await refusal('http://page.test', one), 3500);
  assert.equal(
    await refusal('http://one.test', forConnection({ sub: '5' })),
    3500,
  );
  assert.equal(
    await refusal('http://two.test', token({ sub: '5' }, { key: 'of two' })),
    3500,
    'without the issuer',
  );
});

test('PHP has the broker mint tokens, which name what the site asks for', async () => {
  const link = await Link.open(broker.socket);
  link.select('two', '');
  const mint = async (params) =>
    (await link.call('token', params)).result.token;
  const made = await connected(broker, {
    origin: 'http://two.test',
    token: await mint({ user: 5 }),
  });
  const room = await subscribed(made, 'closed:1', {
    token: await mint({ user: 5, channel: 'closed:1', info: { seat: 1 } }),
  });
  const { clients } = await room.presence();
  const [me] = Object.values(clients);
  assert.equal(me.user, '5');
  assert.deepEqual(me.chanInfo, { seat: 1 });
  made.disconnect();
  link.close();
});

test('a user blocked at one site is none at the other', async () => {
  const at = {
    one: token({ sub: '6' }, { key: SECRET }),
    two: token({ sub: '6', iss: 'two' }, { key: 'of two' }),
  };
  const one = await connected(broker, {
    origin: 'http://one.test',
    token: at.one,
  });
  const two = await connected(broker, {
    origin: 'http://two.test',
    token: at.two,
  });
  const bystander = await connected(broker, {
    origin: 'http://one.test',
    token: token({ sub: '66' }, { key: SECRET }),
  });
  const ended = told(one, 'disconnected');
  const answer = await broker.api(
    'block_user',
    { user: '6' },
    { 'X-API-Key': 'one-key' },
  );
  assert.deepEqual(answer, { result: {} });
  assert.equal((await ended).code, 3503);
  assert.equal(await refusal('http://one.test', at.one), 3503);
  // Whoever was told nothing still gets an answer.
  for (const made of [two, bystander]) {
    await subscribed(made, 'open:1');
    made.disconnect();
  }
});
