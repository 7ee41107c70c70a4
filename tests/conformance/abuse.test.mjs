// What a broken or hostile PHP process may say on the link, and what a client
// may pipeline: the broker answers or closes, and goes on serving.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { Link } from './link.mjs';
import { HANDSHAKE, Raw, frame, frames } from './sockets.mjs';

const MAX_BODY = 2 * 1024 * 1024;
let broker;

before(async () => {
  broker = await Broker.start({ flags: ['--insecure', '--internal', ''] });
});
after(() => broker.remove());

test('an answer too long for a frame is an error, not an end', async () => {
  const link = await Link.open(broker.socket);
  const channels = Array.from({ length: 200_000 }, () => 'a:b');
  const long = await link.call('broadcast', { channels, data: 1 });
  assert.equal(long.error.code, 106);
  const key = 'x'.repeat(MAX_BODY - 40);
  const quoted = await link.call('site', { [key]: 1 });
  assert.equal(quoted.error.code, 106);
  assert.ok((await link.call('info')).result);
  link.close();
});

test('a goodbye quotes no more than a little of what was said', async () => {
  const version = 'x'.repeat(MAX_BODY - 100);
  const link = await Link.open(broker.socket, { version, protocol: 99 });
  assert.equal(link.hello.code, 3);
  assert.ok(link.hello.reason.length <= 512);
  await link.closed;
  (await Link.open(broker.socket)).close();
});

test('frames that do not add up end the link with a reason', async () => {
  for (const broken of [
    [0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // no such type
    [255, 255, 255, 255, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // too long
    [0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // no hello first
  ]) {
    const socket = connect(broker.socket);
    let said = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      said = Buffer.concat([said, bytes]);
    });
    socket.write(Buffer.from(broken));
    await once(socket, 'close');
    assert.equal(said[4], 8, 'a goodbye');
    assert.equal(JSON.parse(said.subarray(16)).code, 4);
  }
});

test('a handshake behind an API call on one connection works', async () => {
  const raw = new Raw(broker.port).send(
    `POST /api/info HTTP/1.1\r\nHost: x.test\r\nContent-Length: 2\r\n\r\n{}` +
      `GET /health HTTP/1.1\r\nHost: x.test\r\n\r\n` +
      `GET /connection/websocket HTTP/1.1\r\nHost: x.test\r\n${HANDSHAKE}\r\n\r\n`,
  );
  raw.send(frame(1, '{"id":1,"connect":{}}'));
  await raw.until((seen) => seen.includes('"connect"'));
  const text = raw.received.toString('latin1');
  assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), [
    'HTTP/1.1 200',
    'HTTP/1.1 200',
    'HTTP/1.1 101',
  ]);
  const at = text.lastIndexOf('\r\n\r\n') + 4;
  assert.match(
    frames(raw.received.subarray(at))[0].payload.toString(),
    /^\{"id":1,"connect":\{"client":/,
  );
  raw.close();
});

test('who hangs up while the API answers is no trouble', async () => {
  const post =
    'POST /api/info HTTP/1.1\r\nHost: x.test\r\nContent-Length: 2\r\n\r\n{}';
  for (let i = 0; i < 50; ++i) {
    const raw = new Raw(broker.port).send(post.repeat(3));
    await once(raw.socket, 'connect');
    if (i % 2 === 0) {
      raw.socket.resetAndDestroy();
    } else {
      raw.close();
    }
    await raw.ended;
  }
  const raw = new Raw(broker.port).send(post);
  await raw.until((seen) => seen.includes('"result"'));
  raw.close();
});
