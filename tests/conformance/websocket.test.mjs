// RFC 6455 on the wire, through the echo endpoint and the client endpoint.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';

import WebSocket from 'ws';

import { Broker } from './broker.mjs';
import { closing, frame, frames, openRaw } from './sockets.mjs';

let broker;
before(async () => {
  broker = await Broker.start({
    flags: ['--insecure', '--test-echo', '/echo'],
  });
});
after(() => broker.remove());

const echo = () => openRaw(broker.port, '/echo');
const TEXT = 1;
const BINARY = 2;

test('the handshake is accepted as the RFC computes it', async () => {
  const raw = await openRaw(
    broker.port,
    '/echo',
    'Sec-WebSocket-Protocol: a, echo\r\n',
  );
  assert.match(
    raw.handshake,
    /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/,
  );
  assert.match(raw.handshake, /Sec-WebSocket-Protocol: echo\r\n/);
  raw.close();
});

test('messages of every length come back, text and binary', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${broker.port}/echo`, 'echo', {
    perMessageDeflate: false,
  });
  await new Promise((done) => socket.on('open', done));
  const roundTrip = (data) =>
    new Promise((done) => {
      socket.once('message', (back, isBinary) => done({ back, isBinary }));
      socket.send(data);
    });
  for (const length of [0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 16 << 20]) {
    const sent = randomBytes(length);
    const { back, isBinary } = await roundTrip(sent);
    assert.equal(isBinary, true);
    assert.ok(sent.equals(back), `${length} bytes`);
    const text = 'é'.repeat(Math.floor(length / 2));
    assert.equal((await roundTrip(text)).back.toString(), text);
  }
  socket.terminate();
});

test('65,536 fragments are one message', async () => {
  const raw = await echo();
  const parts = [frame(BINARY, 'x', { fin: false })];
  for (let i = 0; i < 65_534; i += 1) parts.push(frame(0, 'x', { fin: false }));
  parts.push(frame(0, 'x'));
  raw.send(Buffer.concat(parts));
  const seen = await raw.until((bytes) => frames(bytes).length > 0);
  assert.equal(frames(seen)[0].payload.length, 65_536);
  raw.close();
});

test('a byte at a time is as good as all at once', async () => {
  const raw = await echo();
  for (const byte of frame(TEXT, 'slowly')) {
    raw.send(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  const seen = await raw.until((bytes) => frames(bytes).length > 0);
  assert.equal(frames(seen)[0].payload.toString(), 'slowly');
  raw.close();
});

test('control frames are answered between fragments', async () => {
  const raw = await echo();
  raw.send(
    Buffer.concat([
      frame(TEXT, 'a', { fin: false }),
      frame(9, 'ping'),
      frame(0, 'b'),
    ]),
  );
  const seen = frames(await raw.until((bytes) => frames(bytes).length > 1));
  assert.equal(seen[0].opcode, 10);
  assert.equal(seen[0].payload.toString(), 'ping');
  assert.equal(seen[1].payload.toString(), 'ab');
  raw.close();
});

const unmasked = Buffer.from([0x81, 0x02, 0x68, 0x69]);
const close = (code, reason = '') =>
  frame(
    8,
    Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]),
  );

for (const [what, bytes, code] of [
  ['an unmasked frame', unmasked, 1002],
  ['a reserved bit', frame(TEXT, 'x', { rsv: 0x40 }), 1002],
  ['a reserved opcode', frame(3, 'x'), 1002],
  ['a fragmented ping', frame(9, 'x', { fin: false }), 1002],
  ['a long ping', frame(9, 'x'.repeat(126)), 1002],
  ['a continuation of nothing', frame(0, 'x'), 1002],
  [
    'a text inside a text',
    Buffer.concat([frame(TEXT, 'x', { fin: false }), frame(TEXT, 'y')]),
    1002,
  ],
  ['text that is not UTF-8', frame(TEXT, Buffer.from([0xc3, 0x28])), 1007],
  ['half a character at the end', frame(TEXT, Buffer.from([0xe2, 0x82])), 1007],
  ['a surrogate', frame(TEXT, Buffer.from([0xed, 0xa0, 0x80])), 1007],
  [
    'bad UTF-8 in a fragment, before the rest comes',
    frame(TEXT, Buffer.from([0xff]), { fin: false }),
    1007,
  ],
  ['a close frame of one byte', frame(8, 'x'), 1002],
  ['a close code that is never sent', close(1005), 1002],
  ['a close code out of range', close(999), 1002],
  [
    'a close reason that is not UTF-8',
    frame(8, Buffer.from([0x03, 0xe8, 0xff])),
    1007,
  ],
]) {
  test(`${what} is closed with ${code}`, async () => {
    const raw = await echo();
    raw.send(bytes);
    assert.equal((await closing(raw)).code, code);
    await raw.ended;
  });
}

test('a close is answered with its own code, and then the socket ends', async () => {
  const raw = await echo();
  raw.send(close(3999, 'bye'));
  assert.equal((await closing(raw)).code, 3999);
  await raw.ended;
});

test('an empty close is answered with an empty one', async () => {
  const raw = await echo();
  raw.send(frame(8, ''));
  assert.equal((await closing(raw)).code, 1005);
  await raw.ended;
});

test('Goodbye is echoed, then closed with 1000', async () => {
  const raw = await echo();
  raw.send(frame(TEXT, 'Goodbye'));
  assert.equal((await closing(raw)).code, 1000);
  assert.equal(frames(raw.received)[0].payload.toString(), 'Goodbye');
  raw.close();
});

test('the echo answers only where it was asked for', async () => {
  const other = await Broker.start({ flags: ['--insecure'] });
  const raw = await openRaw(other.port, '/echo');
  assert.match(raw.handshake, /^HTTP\/1\.1 404 /);
  raw.close();
  await other.remove();
});

test('a client’s message above the limit is closed with 1009', async () => {
  const raw = await openRaw(broker.port, '/connection/websocket');
  raw.send(frame(TEXT, `{"id":1,"connect":{"data":"${'x'.repeat(70_000)}"}}`));
  assert.equal((await closing(raw)).code, 1009);
});

test('the digest of a large echo is the digest of what was sent', async () => {
  const raw = await echo();
  const sent = randomBytes(3_000_000);
  raw.send(frame(BINARY, sent));
  const seen = await raw.until((bytes) => frames(bytes).length > 0);
  const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
  assert.equal(digest(frames(seen)[0].payload), digest(sent));
  raw.close();
});
