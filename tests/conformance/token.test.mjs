// Connection and subscription tokens, with the official client.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { client, connected, subscribed, told } from './client.mjs';
import { now, token } from './token.mjs';

const key = 'the secret of these tests';
const previous = 'the secret before it';
const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
pairs.RS384 = pairs.RS256;
pairs.RS512 = pairs.RS256;
const pem = pairs.RS256.publicKey.export({ type: 'spki', format: 'pem' });

let dir;
let broker;
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rt-token-'));
  const keys = Object.entries(pairs)
    .filter(([alg]) => alg !== 'RS256')
    .map(([alg, pair]) => ({
      ...pair.publicKey.export({ format: 'jwk' }),
      kid: alg,
      use: 'sig',
    }));
  writeFileSync(join(dir, 'keys.json'), JSON.stringify({ keys }));
  writeFileSync(
    join(dir, 'config.toml'),
    `[client]
allowed_origins = ["http://page.test"]
expired_close_delay = "1s"
[client.token]
hmac_secret_key = "${key}"
hmac_previous_secret_key = "${previous}"
rsa_public_key = """${pem}"""
jwks_file = "${join(dir, 'keys.json')}"
audience = "browsers"
issuer = "site"
[http_api]
key = "api"
[[channel.namespaces]]
name = "open"
subscribe = "everyone"
publish = "everyone"
presence = true
[[channel.namespaces]]
name = "closed"
subscribe = "token"
`,
  );
  broker = await Broker.start({
    flags: ['--config', join(dir, 'config.toml')],
  });
});
after(async () => {
  await broker.remove();
  rmSync(dir, { recursive: true });
});

const frame = { aud: 'browsers', iss: 'site' };
const signed = (claims, how = {}) =>
  token({ ...frame, ...claims }, { key, ...how });
const page = { origin: 'http://page.test' };
const api = (method, params) =>
  broker.api(method, params, { 'X-API-Key': 'api' });

const refusal = async (bad) => {
  const made = client(broker, { ...page, token: bad });
  const ended = told(made, 'disconnected');
  made.connect();
  return (await ended).code;
};

test('a token says who it is', async () => {
  const good = signed({ sub: '42', info: { name: 'member' } });
  const made = await connected(broker, { ...page, token: good });
  const room = await subscribed(made, 'open:1');
  const own = told(room, 'publication');
  await room.publish(1);
  const { info } = await own;
  assert.equal(info.user, '42');
  assert.deepEqual(info.connInfo, { name: 'member' });
  made.disconnect();
});

for (const alg of ['HS256', 'HS384', 'HS512', ...Object.keys(pairs)]) {
  test(`${alg} is good, and a changed one is not`, async () => {
    const how = alg.startsWith('HS')
      ? { alg }
      : { alg, key: pairs[alg].privateKey, header: { kid: alg } };
    if (alg === 'RS256') delete how.header;
    const good = signed({ sub: '1' }, how);
    const made = await connected(broker, { ...page, token: good });
    made.disconnect();
    const [head, , signature] = good.split('.');
    const other = signed({ sub: '2' }, how).split('.')[1];
    assert.equal(await refusal(`${head}.${other}.${signature}`), 3500);
  });
}

test('what is no good is refused with 3500', async () => {
  const bad = {
    rubbish: 'rubbish',
    'two parts': 'a.b',
    'no algorithm': token({ ...frame, sub: '1' }, { alg: 'none', key }),
    'another secret': signed({ sub: '1' }, { key: 'another' }),
    'the public key as a secret': signed({ sub: '1' }, { key: pem }),
    'another audience': signed({ sub: '1', aud: 'others' }),
    'another issuer': signed({ sub: '1', iss: 'others' }),
    'not yet': signed({ sub: '1', nbf: now() + 60 }),
    'a number as user': signed({ sub: 1 }),
    'a subscription token': signed({ sub: '1', channel: 'closed:1' }),
    'an unknown key id': signed(
      { sub: '1' },
      { alg: 'ES256', key: pairs.ES256.privateKey, header: { kid: '/etc' } },
    ),
  };
  for (const [what, text] of Object.entries(bad)) {
    assert.equal(await refusal(text), 3500, what);
  }
});

test('the previous secret is good while it is rotated', async () => {
  const good = signed({ sub: '1' }, { key: previous });
  (await connected(broker, { ...page, token: good })).disconnect();
});

test('an expired token is fetched anew', async () => {
  let asked = 0;
  const made = client(broker, {
    ...page,
    token: signed({ sub: '1', exp: now() - 10 }),
    getToken: async () => {
      asked += 1;
      return signed({ sub: '1', exp: now() + 60 });
    },
  });
  const done = told(made, 'connected');
  made.connect();
  await done;
  assert.equal(asked, 1);
  made.disconnect();
});

test('a token is refreshed before it ends', async () => {
  let asked = 0;
  const made = await connected(broker, {
    ...page,
    getToken: async () => {
      asked += 1;
      return signed({ sub: '1', exp: now() + 2 });
    },
  });
  let dropped = false;
  made.on('connecting', () => {
    dropped = true;
  });
  while (asked < 3) await new Promise((done) => setTimeout(done, 50));
  assert.equal(dropped, false);
  made.disconnect();
});

test('another user’s token on refresh is refused', async () => {
  let asked = 0;
  const made = await connected(broker, {
    ...page,
    getToken: async () => {
      asked += 1;
      return signed({ sub: String(asked), exp: now() + 2 });
    },
  });
  assert.equal((await told(made, 'disconnected')).code, 3500);
});

test('who brings no new token is told that the connection is over', async () => {
  const made = client(broker, {
    ...page,
    token: signed({ sub: '1', exp: now() + 1 }),
    getToken: () => new Promise(() => {}),
  });
  const ends = told(made, 'connecting').then(() => told(made, 'connecting'));
  made.connect();
  const { code } = await ends;
  assert.equal(code, 3005);
  made.disconnect();
});

test('a subscription token opens one channel to one user', async () => {
  const made = await connected(broker, {
    ...page,
    token: signed({ sub: '7' }),
  });
  const refused = made.newSubscription('closed:1');
  const error = told(refused, 'unsubscribed');
  refused.subscribe();
  assert.equal((await error).code, 103);
  made.removeSubscription(refused);
  const room = await subscribed(made, 'closed:1', {
    token: signed({ sub: '7', channel: 'closed:1' }),
  });
  assert.equal(room.state, 'subscribed');
  await subscribed(made, '$open:mine', {
    token: signed({ sub: '7', channel: '$open:mine', info: { seat: 1 } }),
  });
  made.disconnect();
});

test('a private channel is closed without a token', async () => {
  const made = await connected(broker, {
    ...page,
    token: signed({ sub: '7' }),
  });
  const room = made.newSubscription('$open:mine');
  const error = told(room, 'unsubscribed');
  room.subscribe();
  assert.equal((await error).code, 103);
  made.disconnect();
});

test('a subscription token for another user or channel ends the connection', async () => {
  for (const claims of [
    { sub: '8', channel: 'closed:1' },
    { sub: '7', channel: 'closed:2' },
    { sub: '7', channel: 'closed:1', client: 'another' },
  ]) {
    const made = await connected(broker, {
      ...page,
      token: signed({ sub: '7' }),
    });
    const ended = told(made, 'disconnected');
    made.newSubscription('closed:1', { token: signed(claims) }).subscribe();
    assert.equal((await ended).code, 3500, JSON.stringify(claims));
  }
});

test('a subscription is refreshed, or ends with 2501', async () => {
  const made = await connected(broker, {
    ...page,
    token: signed({ sub: '7' }),
  });
  let asked = 0;
  const kept = await subscribed(made, 'closed:kept', {
    getToken: async () => {
      asked += 1;
      return signed({ sub: '7', channel: 'closed:kept', exp: now() + 2 });
    },
  });
  const ends = made.newSubscription('closed:ends', {
    token: signed({ sub: '7', channel: 'closed:ends', exp: now() + 1 }),
    getToken: () => new Promise(() => {}),
  });
  const over = new Promise((done) => {
    ends.on('subscribing', ({ code }) => code === 2501 && done());
  });
  ends.subscribe();
  await over;
  while (asked < 2) await new Promise((done) => setTimeout(done, 50));
  assert.equal(kept.state, 'subscribed');
  made.disconnect();
});

test('a token brings its channels along', async () => {
  const made = client(broker, {
    ...page,
    token: signed({
      sub: '7',
      channels: ['open:a'],
      subs: { 'closed:b': { data: { hello: 1 } } },
    }),
  });
  const done = told(made, 'subscribed');
  const contexts = [];
  made.on('subscribed', (context) => contexts.push(context));
  made.connect();
  await done;
  while (contexts.length < 2) await told(made, 'subscribed');
  assert.deepEqual(contexts.map((one) => one.channel).sort(), [
    'closed:b',
    'open:a',
  ]);
  const heard = told(made, 'publication');
  await api('publish', { channel: 'closed:b', data: 5 });
  assert.deepEqual((await heard).data, 5);
  made.disconnect();
});

test('a revoked token and a blocked user are out, and stay out', async () => {
  const good = signed({ sub: '9', jti: 'one', iat: now() });
  const made = await connected(broker, { ...page, token: good });
  const ended = told(made, 'disconnected');
  await api('revoke_token', { uid: 'one' });
  assert.equal((await ended).code, 3500);
  assert.equal(await refusal(good), 3500);

  const second = signed({ sub: '9', jti: 'two', iat: now() });
  const other = await connected(broker, { ...page, token: second });
  const gone = told(other, 'disconnected');
  await api('block_user', { user: 9 });
  assert.equal((await gone).code, 3503);
  assert.equal(await refusal(second), 3503);
  await broker.stop();
  await broker.launch();
  assert.equal(await refusal(second), 3503, 'after a restart, too');
  assert.equal(await refusal(good), 3500);
  await api('unblock_user', { user: '9' });
  (await connected(broker, { ...page, token: second })).disconnect();
  await api('invalidate_user_tokens', { user: '9' });
  assert.equal(await refusal(second), 3500);
});

test('the broker mints tokens that are good', async () => {
  // Its own have neither audience nor issuer, so another broker without.
  const plain = await Broker.start({
    flags: ['--client-allowed-origins', 'http://page.test'],
    env: {
      DRUPALRT_HTTP_API_KEY: 'api',
      DRUPALRT_CHANNEL_NAMESPACES: '[{"name":"closed","subscribe":"token"}]',
    },
  });
  const mint = async (params) =>
    (await plain.api('token', params, { 'X-API-Key': 'api' })).result.token;
  const made = await connected(plain, {
    ...page,
    token: await mint({ user: 5, ttl: 60 }),
  });
  await subscribed(made, 'closed:1', {
    token: await mint({ user: '5', channel: 'closed:1' }),
  });
  made.disconnect();
  for (const params of [{}, { user: '1', ttl: 0 }, { user: '1', exp: 5 }]) {
    const answer = await plain.api('token', params, { 'X-API-Key': 'api' });
    assert.equal(answer.error.code, 107, JSON.stringify(params));
  }
  await plain.remove();
});
