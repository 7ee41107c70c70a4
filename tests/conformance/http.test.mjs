// What the two HTTP listeners answer, byte by byte.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { HANDSHAKE, Raw, ask } from './sockets.mjs';

const SITE = {
  version: 1,
  key: 'example',
  api_keys: ['key-of-the-site'],
  hosts: ['example.test'],
  origins: ['https://example.test'],
  namespaces: [{ name: 'news', subscribe: 'everyone' }],
};
const PATH = '/connection/websocket';
let broker;

before(async () => {
  broker = await Broker.start({ sites: [SITE] });
});
after(() => broker.remove());

const get = (path, headers = '') =>
  ask(
    broker.port,
    `GET ${path} HTTP/1.1\r\nHost: example.test\r\n${headers}\r\n`,
  );

test('health is answered on both listeners', async () => {
  assert.equal((await get('/health')).status, 200);
  assert.equal((await get('/health/live')).status, 200);
  const ready = await fetch(`http://127.0.0.1:${broker.internal}/health/ready`);
  assert.equal(ready.status, 200);
});

test('the API is not on the public listener', async () => {
  const post =
    'POST /api/info HTTP/1.1\r\nHost: example.test\r\nContent-Length: 0\r\n\r\n';
  assert.equal((await ask(broker.port, post)).status, 404);
});

test('unknown paths, methods and versions get their own answers', async () => {
  assert.equal((await get('/nope')).status, 404);
  assert.equal((await get(PATH)).status, 400, 'no handshake');
  const post = `POST ${PATH} HTTP/1.1\r\nHost: example.test\r\nContent-Length: 0\r\n\r\n`;
  const refused = await ask(broker.port, post);
  assert.equal(refused.status, 405);
  assert.match(refused.answer, /\r\nAllow: GET\r\n/);
  const old = HANDSHAKE.replace('Version: 13', 'Version: 8');
  const upgrade = await get(PATH, `${old}\r\n`);
  assert.equal(upgrade.status, 426);
  assert.match(upgrade.answer, /\r\nSec-WebSocket-Version: 13\r\n/);
});

test('a head above its bound gets 431', async () => {
  const long = `X-Long: ${'x'.repeat(20_000)}\r\n`;
  assert.equal((await get('/health', long)).status, 431);
});

test('a body that nobody takes gets 413, and is not read', async () => {
  const post =
    'POST /health HTTP/1.1\r\nHost: example.test\r\nContent-Length: 5000000000\r\n\r\n';
  assert.equal((await ask(broker.port, post)).status, 413);
});

test('what two servers could read in two ways is refused', async () => {
  const smuggled = [
    'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n',
    'Content-Length: 4\r\nContent-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: +4\r\n',
    'Content-Length : 4\r\n',
    'X: a\r\n folded\r\n',
    'X: a\nY: b\r\n',
    'Host: other.test\r\n',
  ];
  for (const headers of smuggled) {
    const { status } = await ask(
      broker.port,
      `POST /health HTTP/1.1\r\nHost: example.test\r\n${headers}\r\nabcd`,
    );
    assert.ok(
      [400, 501].includes(status),
      `${JSON.stringify(headers)}: ${status}`,
    );
  }
});

test('rubbish gets 400 and an end', async () => {
  const raw = new Raw(broker.port).send('\x16\x03\x01\x02\x00 hello\r\n\r\n');
  assert.match(await raw.rest(), /^HTTP\/1\.1 400 /);
});

test('an Origin that is not the site’s is refused', async () => {
  const shake = (origin, host = 'example.test') =>
    ask(
      broker.port,
      `GET ${PATH} HTTP/1.1\r\nHost: ${host}\r\n${HANDSHAKE}\r\nOrigin: ${origin}\r\n\r\n`,
    );
  assert.equal((await shake('https://example.test')).status, 101);
  assert.equal((await shake('https://EXAMPLE.test:443')).status, 101);
  for (const origin of [
    'http://example.test',
    'https://evil.test',
    'https://example.test.evil.test',
    'https://example.test:8443',
    'null',
    'file://',
  ]) {
    assert.equal((await shake(origin)).status, 403, origin);
  }
  assert.equal(
    (await shake('http://evil.test', 'evil.test')).status,
    403,
    'an Origin equal to the Host is no site’s either',
  );
});

test('requests on one connection are answered in order', async () => {
  const one = 'GET /health HTTP/1.1\r\nHost: example.test\r\n\r\n';
  const two =
    'GET /nope HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n';
  const raw = new Raw(broker.port).send(one + two);
  const answers = await raw.rest();
  assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), [
    'HTTP/1.1 200',
    'HTTP/1.1 404',
  ]);
});

test('the API wants a key, and takes it in three places', async () => {
  const url = `http://127.0.0.1:${broker.internal}/api/info`;
  const post = (headers, query = '') =>
    fetch(url + query, { method: 'POST', body: '{}', headers });
  assert.equal((await post({})).status, 401);
  assert.equal((await post({ 'X-API-Key': 'wrong' })).status, 401);
  for (const response of [
    await post({ 'X-API-Key': 'key-of-the-site' }),
    await post({ Authorization: 'apikey key-of-the-site' }),
    await post({}, '?api_key=key-of-the-site'),
  ]) {
    assert.equal(response.status, 200);
    const { result } = await response.json();
    assert.equal(result.nodes[0].name, 'drupalrtd');
  }
});

test('the API says what is wrong with a call', async () => {
  const headers = { 'X-API-Key': 'key-of-the-site' };
  const error = async (method, params) =>
    (await broker.api(method, params, headers)).error;
  assert.equal(
    (await error('publish', { channel: 'nope:1', data: 1 })).code,
    102,
  );
  const missing = await error('publish', { channel: 'news:1' });
  assert.deepEqual(missing, { code: 107, message: '"data" is missing' });
  assert.equal((await error('publish', { channel: 7, data: 1 })).code, 107);
  assert.equal(
    (await error('publish', { channel: 'news:1', data: 1, tags: [] })).code,
    107,
  );
  const none = await fetch(`http://127.0.0.1:${broker.internal}/api/nope`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  assert.equal(none.status, 404);
  const ok = await broker.api(
    'publish',
    { channel: 'news:1', data: { a: 1 } },
    headers,
  );
  assert.deepEqual(ok, { result: {} });
});

test('a broadcast answers for each channel', async () => {
  const answer = await broker.api(
    'broadcast',
    { channels: ['news:1', 'nope:1'], data: {} },
    { 'X-API-Key': 'key-of-the-site' },
  );
  assert.deepEqual(answer.result.responses, [
    { result: {} },
    { error: { code: 102, message: 'unknown channel' } },
  ]);
});
