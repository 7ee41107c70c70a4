// Clients that only listen: a plain EventSource, curl, a WebSocket.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import EventSource from 'eventsource';
import WebSocket from 'ws';

import { Broker } from './broker.mjs';
import { nextEvent, nextLine, openStream } from './streams.mjs';
import { now, token } from './token.mjs';

const key = 'a secret of the conformance tests';
let broker;
let base;
before(async () => {
  broker = await Broker.start({
    flags: ['--workers', '2', '--config', 'tests/conformance/protocol.toml'],
  });
  base = `http://127.0.0.1:${broker.port}/connection`;
});
after(() => broker.remove());

const publish = (channel, data, more = {}) =>
  broker.api('publish', { channel, data, ...more });
const query = (request) =>
  `?cf_connect=${encodeURIComponent(JSON.stringify(request))}`;

test('an EventSource hears the channels it names', async () => {
  const request = { subs: { 'open:1': {}, 'open:2': {} } };
  const source = new EventSource(`${base}/uni_sse${query(request)}`);
  const heard = [];
  const told = (count) =>
    new Promise((done) => {
      source.onmessage = ({ data }) => {
        heard.push(JSON.parse(data));
        if (heard.length === count) done();
      };
    });
  await told(1);
  const { connect } = heard[0];
  assert.match(connect.client, /^[0-9a-f-]{36}$/);
  assert.deepEqual(connect.subs, { 'open:1': {}, 'open:2': {} });
  assert.equal(connect.ping, 25);
  assert.equal(connect.pong, undefined);
  assert.ok(connect.session);
  await publish('open:2', { uni: 1 });
  if (heard.length < 2) await told(2);
  assert.deepEqual(heard[1], { channel: 'open:2', pub: { data: { uni: 1 } } });
  source.close();
});

test('an HTTP stream hears the same, line by line', async () => {
  const stream = await openStream(`${base}/uni_http_stream`, {
    method: 'POST',
    body: JSON.stringify({ subs: { 'open:3': {} } }),
  });
  const { connect } = await nextLine(stream);
  assert.deepEqual(connect.subs, { 'open:3': {} });
  await publish('open:3', 'a');
  assert.deepEqual(await nextLine(stream), {
    channel: 'open:3',
    pub: { data: 'a' },
  });
  await broker.api('disconnect', {
    session: connect.session,
    disconnect: { code: 4000, reason: 'bye' },
  });
  assert.deepEqual(await nextLine(stream), {
    disconnect: { code: 4000, reason: 'bye' },
  });
  assert.equal(await nextLine(stream), null);
});

test('a token brings user and channels', async () => {
  const good = token(
    { sub: '5', exp: now() + 60, channels: ['stream:uni'] },
    { key },
  );
  const stream = await openStream(`${base}/uni_sse${query({ token: good })}`);
  const { connect } = await nextEvent(stream);
  assert.equal(connect.expires, true);
  assert.equal(connect.subs['stream:uni'].positioned, true);
  await broker.api('subscribe', { user: '5', channel: 'open:pushed' });
  assert.deepEqual(await nextEvent(stream), {
    channel: 'open:pushed',
    subscribe: {},
  });
  await publish('open:pushed', 1);
  assert.deepEqual(await nextEvent(stream), {
    channel: 'open:pushed',
    pub: { data: 1 },
  });
  await broker.api('unsubscribe', { user: '5', channel: 'open:pushed' });
  assert.deepEqual(await nextEvent(stream), {
    channel: 'open:pushed',
    unsubscribe: { code: 2000, reason: 'server unsubscribe' },
  });
  await broker.api('refresh', { user: '5', expired: true });
  assert.deepEqual(await nextEvent(stream), {
    disconnect: { code: 3005, reason: 'connection expired' },
  });
});

test('a WebSocket hears one push per message, then a reason', async () => {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/uni_websocket`);
  const heard = [];
  socket.on('message', (data) => heard.push(JSON.parse(data)));
  const closed = new Promise((done) => {
    socket.on('close', (code) => done(code));
  });
  await new Promise((done) => socket.on('open', done));
  socket.send(JSON.stringify({ subs: { 'open:4': {} } }));
  const until = async (count) => {
    while (heard.length < count) {
      await new Promise((done) => socket.once('message', done));
    }
  };
  await until(1);
  assert.ok(heard[0].connect.client);
  await broker.api('batch', {
    commands: [1, 2].map((data) => ({
      publish: { channel: 'open:4', data },
    })),
  });
  await until(3);
  assert.deepEqual(
    heard.slice(1).map((push) => push.pub.data),
    [1, 2],
  );
  await broker.api('disconnect', { user: '', client: heard[0].connect.client });
  assert.equal(await closed, 3503);
  assert.deepEqual(heard.at(-1), {
    disconnect: { code: 3503, reason: 'force disconnect' },
  });
});

test('an expired token is a disconnect, for there are no replies', async () => {
  const old = token({ sub: '5', exp: now() - 60 }, { key });
  const stream = await openStream(`${base}/uni_sse${query({ token: old })}`);
  assert.equal((await nextEvent(stream)).disconnect.code, 3005);
});

test('an unknown namespace is a bad request', async () => {
  const plain = await Broker.start({ flags: ['--insecure'] });
  await plain.remove();
  const stream = await openStream(`${base}/uni_sse${query({ subs: 5 })}`);
  assert.equal((await nextEvent(stream)).disconnect.code, 3501);
});
