// permessage-deflate (RFC 7692) on the wire, through the echo endpoint and the
// client endpoint.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

import WebSocket from 'ws';

import { Broker } from './broker.mjs';
import { connected, seen, subscribed } from './client.mjs';
import { ask, closing, frame, frames, HANDSHAKE, openRaw } from './sockets.mjs';

let broker;
before(async () => {
  broker = await Broker.start({
    flags: ['--insecure', '--test-echo', '/echo', '--websocket-compression'],
  });
});
after(() => broker.remove());

const TEXT = 1;
const BINARY = 2;
const RSV1 = 0x40;
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
const AGREED =
  'permessage-deflate; server_no_context_takeover; client_no_context_takeover';

// What a client sends of a message: flushed, without what a flush ends with.
function deflated(text, options = {}) {
  const all = deflateRawSync(Buffer.from(text), {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...options,
  });
  assert.ok(all.subarray(-4).equals(TAIL));
  return all.subarray(0, -4);
}

const inflated = (payload, options = {}) =>
  inflateRawSync(Buffer.concat([payload, TAIL]), {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...options,
  });

const open = (path, offer = 'permessage-deflate') =>
  openRaw(broker.port, path, `Sec-WebSocket-Extensions: ${offer}\r\n`);

// The extensions that were agreed on, or undefined.
const agreed = (raw) =>
  /Sec-WebSocket-Extensions: (.*)\r\n/.exec(raw.handshake)?.[1];

// --- Negotiation ------------------------------------------------------------

for (const [offer, answer] of [
  ['permessage-deflate', AGREED],
  ['permessage-deflate; client_max_window_bits', AGREED],
  [
    'permessage-deflate; server_max_window_bits=9; client_max_window_bits=10',
    `${AGREED}; server_max_window_bits=9; client_max_window_bits=10`,
  ],
  ['permessage-deflate; unknown', undefined],
  ['permessage-deflate; server_max_window_bits=8', undefined],
  ['permessage-deflate; server_max_window_bits=16', undefined],
  [
    'permessage-deflate; client_no_context_takeover; client_no_context_takeover',
    undefined,
  ],
  ['x-webkit-deflate-frame', undefined],
  ['"', undefined],
  [
    'permessage-deflate; server_max_window_bits=8, foo, permessage-deflate',
    AGREED,
  ],
]) {
  test(`${offer} is answered with ${answer ?? 'nothing'}`, async () => {
    for (const path of ['/echo', '/connection/websocket']) {
      const raw = await open(path, offer);
      assert.match(raw.handshake, /^HTTP\/1\.1 101 /);
      assert.equal(agreed(raw), answer);
      raw.close();
    }
  });
}

test('several headers are one list of offers', async () => {
  const raw = await openRaw(
    broker.port,
    '/echo',
    'Sec-WebSocket-Extensions: foo\r\n' +
      'Sec-WebSocket-Extensions: permessage-deflate\r\n',
  );
  assert.equal(agreed(raw), AGREED);
  raw.close();
});

test('without an offer nothing is compressed', async () => {
  const raw = await openRaw(broker.port, '/echo');
  assert.equal(agreed(raw), undefined);
  raw.send(frame(TEXT, 'x'.repeat(1000)));
  const [back] = frames(await raw.until((bytes) => frames(bytes).length > 0));
  assert.equal(back.rsv, 0);
  assert.equal(back.payload.length, 1000);
  raw.close();
});

test('a refusal agrees on nothing', async () => {
  const { status, answer } = await ask(
    broker.port,
    `GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\n${HANDSHAKE}\r\n` +
      'Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n',
  );
  assert.equal(status, 404);
  assert.doesNotMatch(answer, /Sec-WebSocket-Extensions/);
});

test('clients get no compression unless it is configured', async () => {
  const plain = await Broker.start({ flags: ['--insecure'] });
  const raw = await openRaw(
    plain.port,
    '/connection/websocket',
    'Sec-WebSocket-Extensions: permessage-deflate\r\n',
  );
  assert.match(raw.handshake, /^HTTP\/1\.1 101 /);
  assert.equal(agreed(raw), undefined);
  raw.close();
  await plain.remove();
});

// --- Messages ---------------------------------------------------------------

// As RFC 7692 section 7.2.3 has them.
for (const [what, bytes, text] of [
  ['a compressed message', [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 7, 0], 'Hello'],
  [
    'a block that is not compressed',
    [0, 5, 0, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0],
    'Hello',
  ],
  ['a last block', [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0], 'Hello'],
  [
    'two blocks',
    [0xf2, 0x48, 5, 0, 0, 0, 0xff, 0xff, 0xca, 0xc9, 0xc9, 7, 0],
    'Hello',
  ],
  ['an empty message', [0], ''],
]) {
  test(`${what} is read and comes back compressed`, async () => {
    const raw = await open('/echo');
    raw.send(frame(TEXT, Buffer.from(bytes), { rsv: RSV1 }));
    const [back] = frames(
      await raw.until((seenNow) => frames(seenNow).length > 0),
    );
    assert.equal(back.rsv, RSV1);
    assert.equal(back.opcode, TEXT);
    assert.equal(inflated(back.payload).toString(), text);
    raw.close();
  });
}

test('fragments are inflated together, with a ping between them', async () => {
  const raw = await open('/echo');
  const text = 'compressed in pieces, '.repeat(100);
  const whole = deflated(text);
  raw.send(
    Buffer.concat([
      frame(TEXT, whole.subarray(0, 5), { fin: false, rsv: RSV1 }),
      frame(9, 'ping'),
      frame(0, whole.subarray(5, 6), { fin: false }),
      frame(0, '', { fin: false }),
      frame(0, whole.subarray(6)),
      frame(TEXT, 'and one that is not'),
    ]),
  );
  const back = frames(await raw.until((bytes) => frames(bytes).length > 2));
  assert.equal(back[0].opcode, 10);
  assert.equal(back[0].rsv, 0);
  assert.equal(inflated(back[1].payload).toString(), text);
  assert.equal(inflated(back[2].payload).toString(), 'and one that is not');
  raw.close();
});

test('each message stands alone', async () => {
  const raw = await open('/echo');
  const text = 'the same every time, '.repeat(20);
  for (let i = 0; i < 3; i += 1) {
    raw.send(frame(TEXT, deflated(text), { rsv: RSV1 }));
  }
  const back = frames(await raw.until((bytes) => frames(bytes).length > 2));
  for (const { payload } of back) {
    assert.ok(payload.equals(back[0].payload));
    assert.equal(inflated(payload).toString(), text);
  }
  raw.close();
});

for (const bits of [9, 10, 11, 12, 13, 14, 15]) {
  test(`messages of every length come back in a window of ${bits} bits`, async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${broker.port}/echo`, 'echo', {
      perMessageDeflate: {
        serverMaxWindowBits: bits,
        clientMaxWindowBits: bits,
        threshold: 0,
      },
    });
    await new Promise((done) => socket.on('open', done));
    assert.match(socket.extensions, /permessage-deflate/);
    const roundTrip = (data) =>
      new Promise((done) => {
        socket.once('message', (back, isBinary) => done({ back, isBinary }));
        socket.send(data);
      });
    for (const length of [0, 1, 125, 126, 1000, 40_000, 65_536, 1 << 20]) {
      const sent = randomBytes(length);
      const { back, isBinary } = await roundTrip(sent);
      assert.equal(isBinary, true);
      assert.ok(sent.equals(back), `${length} bytes`);
      const text = 'é und 😀, '.repeat(Math.ceil(length / 15));
      assert.equal((await roundTrip(text)).back.toString(), text);
    }
    socket.terminate();
  });

  test(`what comes back fits a window of ${bits} bits`, async () => {
    const raw = await open(
      '/echo',
      `permessage-deflate; server_max_window_bits=${bits}`,
    );
    // Repeats itself at distances that a larger window could use.
    const noise = randomBytes(20_000).toString('base64');
    const text = noise + noise + noise;
    raw.send(frame(BINARY, deflated(text), { rsv: RSV1 }));
    const [back] = frames(await raw.until((bytes) => frames(bytes).length > 0));
    const options = { windowBits: bits };
    assert.ok(inflated(back.payload, options).toString() === text);
    raw.close();
  });
}

// --- What breaks the protocol -----------------------------------------------

for (const [what, bytes, code] of [
  ['garbage', frame(TEXT, 'garbage that is long enough', { rsv: RSV1 }), 1007],
  [
    'a message that is cut short',
    frame(TEXT, deflated('x'.repeat(500)).subarray(0, 4), { rsv: RSV1 }),
    1007,
  ],
  [
    'compressed text that is not UTF-8',
    frame(TEXT, deflated(Buffer.from([0xc3, 0x28])), { rsv: RSV1 }),
    1007,
  ],
  [
    'RSV1 on a continuation',
    Buffer.concat([
      frame(TEXT, deflated('x'), { fin: false, rsv: RSV1 }),
      frame(0, '', { rsv: RSV1 }),
    ]),
    1002,
  ],
  ['RSV1 on a ping', frame(9, '', { rsv: RSV1 }), 1002],
  ['RSV1 on a close', frame(8, '', { rsv: RSV1 }), 1002],
  ['RSV2', frame(TEXT, 'x', { rsv: 0x20 }), 1002],
  ['RSV1 and RSV3', frame(TEXT, deflated('x'), { rsv: 0x50 }), 1002],
]) {
  test(`${what} is closed with ${code}`, async () => {
    const raw = await open('/echo');
    raw.send(bytes);
    assert.equal((await closing(raw)).code, code);
    await raw.ended;
  });
}

test('RSV1 that was not agreed on is closed with 1002', async () => {
  const raw = await openRaw(broker.port, '/echo');
  raw.send(frame(TEXT, deflated('hello'), { rsv: RSV1 }));
  assert.equal((await closing(raw)).code, 1002);
  await raw.ended;
});

// The most memory that the broker ever had, in bytes.
function peakMemory() {
  const status = readFileSync(`/proc/${broker.child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) * 1024;
}

test('a bomb is closed with 1009 before it takes memory', async () => {
  const bomb = deflated(Buffer.alloc(48 << 20), { level: 9 });
  assert.ok(bomb.length < 64 * 1024);
  const first = await open('/connection/websocket');
  first.send(frame(TEXT, deflated('x'.repeat(70_000)), { rsv: RSV1 }));
  assert.equal((await closing(first)).code, 1009);

  const before = peakMemory();
  for (let i = 0; i < 20; i += 1) {
    const raw = await open('/connection/websocket');
    raw.send(frame(TEXT, bomb, { rsv: RSV1 }));
    assert.equal((await closing(raw)).code, 1009);
    raw.close();
  }
  assert.ok(peakMemory() - before < 16 << 20);
});

// --- Clients ----------------------------------------------------------------

// The official client on a socket that compresses, and what came through it.
async function compressing(kind, options = {}) {
  let socket;
  const made = await connected(broker, {
    kind,
    websocket: class extends WebSocket {
      constructor(url, protocols) {
        super(url, protocols, {
          origin: broker.origin,
          perMessageDeflate: { threshold: 0, ...options },
        });
        socket = this;
      }
    },
  });
  assert.match(socket.extensions, /permessage-deflate/);
  return { made, received: () => socket._socket.bytesRead };
}

for (const kind of ['json websocket', 'protobuf websocket']) {
  test(`${kind}: the official client publishes and receives compressed`, async (t) => {
    const one = await compressing(kind);
    t.after(() => one.made.disconnect());
    const other = await compressing(kind, { serverMaxWindowBits: 10 });
    t.after(() => other.made.disconnect());
    const channel = `room:${kind.split(' ')[0]}`;
    const data = { text: 'again and again, '.repeat(1000), mark: 'é😀' };
    const here = await subscribed(one.made, channel);
    const there = await subscribed(other.made, channel);

    const before = [one.received(), other.received()];
    await here.publish(data);
    for (let i = 0; i < 9; i += 1) await there.publish(data);

    const expected = Array.from({ length: 10 }, () => data);
    assert.deepEqual(await seen(here, 10), expected);
    assert.deepEqual(await seen(there, 10), expected);
    for (const [i, { received }] of [one, other].entries()) {
      const bytes = received() - before[i];
      assert.ok(bytes < 17_000, `${bytes} bytes for ten times 17 kB`);
    }
  });
}

test('replies are compressed from their size on, short ones never', async () => {
  const raw = await open('/connection/websocket');
  const command = (id, body) =>
    raw.send(
      frame(TEXT, deflated(JSON.stringify({ id, ...body })), { rsv: RSV1 }),
    );
  command(1, { connect: {} });
  await raw.until((bytes) => frames(bytes).length === 1);
  command(2, { subscribe: { channel: 'room:sizes' } });
  await raw.until((bytes) => frames(bytes).length === 2);
  const data = { text: 'long enough, '.repeat(30) };
  await broker.api('publish', { channel: 'room:sizes', data });
  await raw.until((bytes) => frames(bytes).length === 3);
  await broker.api('publish', { channel: 'room:sizes', data: { short: 1 } });
  await raw.until((bytes) => frames(bytes).length === 4);

  const [connect, subscribe, long, short] = frames(raw.received);
  assert.equal(connect.rsv, 0);
  assert.ok(JSON.parse(connect.payload).connect.client);
  assert.equal(subscribe.rsv, 0);
  assert.equal(long.rsv, RSV1);
  assert.deepEqual(JSON.parse(inflated(long.payload)).push.pub.data, data);
  assert.equal(short.rsv, 0);
  assert.deepEqual(JSON.parse(short.payload).push.pub.data, { short: 1 });
  raw.close();
});

test('the configured size decides', async () => {
  const other = await Broker.start({
    flags: [
      '--insecure',
      '--websocket-compression',
      ...['--websocket-compression-min-size', '1'],
      ...['--websocket-compression-level', '9'],
    ],
  });
  const raw = await openRaw(
    other.port,
    '/connection/websocket',
    'Sec-WebSocket-Extensions: permessage-deflate\r\n',
  );
  raw.send(frame(TEXT, JSON.stringify({ id: 1, connect: {} })));
  const [connect] = frames(
    await raw.until((bytes) => frames(bytes).length > 0),
  );
  assert.ok(connect.payload.length < 256);
  assert.equal(connect.rsv, RSV1);
  assert.ok(JSON.parse(inflated(connect.payload)).connect.client);
  raw.close();
  await other.remove();
});
