// The two halves of an emulated connection: the stream down, the POSTs up.
import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { nextEvent, nextLine, openStream } from './streams.mjs';

let broker;
let base;
before(async () => {
  broker = await Broker.start({
    flags: ['--workers', '4', '--config', 'tests/conformance/protocol.toml'],
  });
  base = `http://127.0.0.1:${broker.port}`;
});
after(() => broker.remove());

const post = (body, headers = {}) =>
  fetch(`${base}/emulation`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function openSse(commands = '{"connect":{},"id":1}') {
  const stream = await openStream(
    `${base}/connection/sse?cf_connect=${encodeURIComponent(commands)}`,
  );
  const first = await nextEvent(stream);
  return { stream, ...first.connect };
}

test('an SSE stream begins with an empty line and the connect reply', async () => {
  const stream = await openStream(
    `${base}/connection/sse?cf_connect=${encodeURIComponent('{"connect":{},"id":1}')}`,
  );
  const { headers } = stream.response;
  assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(headers.get('x-accel-buffering'), 'no');
  assert.match(headers.get('cache-control'), /no-store/);
  assert.match(await stream.next('data: '), /^\r\n$/);
  const { connect } = JSON.parse(await stream.next('\n\n'));
  assert.ok(connect.session && connect.node && connect.client);
  assert.equal(connect.pong, true);
  stream.close();
});

test('commands find their session on whichever worker they arrive', async () => {
  // The kernel spreads connections among the workers; twenty POSTs on
  // connections of their own come by all of them.
  const { stream, session, node } = await openSse();
  for (let id = 2; id < 22; id += 1) {
    const command = { subscribe: { channel: `open:${id}` }, id };
    const answer = await post(
      { session, node, data: JSON.stringify(command) },
      { Connection: 'close' },
    );
    assert.equal(answer.status, 204);
    assert.deepEqual(await nextEvent(stream), { id, subscribe: {} });
  }
  stream.close();
});

test('several commands of one POST are answered in order', async () => {
  const stream = await openStream(`${base}/connection/http_stream`, {
    method: 'POST',
    body: '{"connect":{},"id":1}\n{"subscribe":{"channel":"open:1"},"id":2}',
  });
  const { connect } = await nextLine(stream);
  assert.deepEqual(await nextLine(stream), { id: 2, subscribe: {} });
  await post({
    session: connect.session,
    node: connect.node,
    data: '{"unsubscribe":{"channel":"open:1"},"id":3}\n{"rpc":{},"id":4}\n{"publish":{"channel":"open:2","data":1},"id":5}',
  });
  assert.deepEqual(await nextLine(stream), { id: 3, unsubscribe: {} });
  assert.equal((await nextLine(stream)).error.code, 108);
  assert.deepEqual(await nextLine(stream), { id: 5, publish: {} });
  stream.close();
});

test('what is no command of a session gets its status', async () => {
  const { stream, session, node } = await openSse();
  assert.equal((await post('rubbish')).status, 400);
  assert.equal((await post({ session, node: 'other', data: '' })).status, 404);
  assert.equal((await post({ session: 'no', node, data: '{}' })).status, 204);
  assert.equal((await post('x'.repeat(70_000))).status, 413);
  assert.equal((await fetch(`${base}/emulation`)).status, 405);
  const streams = `${base}/connection/http_stream`;
  assert.equal((await fetch(streams)).status, 405);
  assert.equal((await fetch(`${base}/connection/sse`)).status, 400);
  stream.close();
});

test('bad commands end the stream with their code', async () => {
  const { stream, session, node } = await openSse();
  await post({ session, node, data: '{"id":2,"connect":{}}' });
  assert.deepEqual(await nextEvent(stream), {
    push: { disconnect: { code: 3501, reason: 'bad request' } },
  });
  assert.equal(await nextEvent(stream), null);
  const late = await post({ session, node, data: '{"id":3,"ping":{}}' });
  assert.equal(late.status, 204, 'a session that is gone is nobody’s business');
});

test('pages of allowed origins may read the answers, others are refused', async () => {
  const site = {
    version: 1,
    key: 'site',
    hosts: ['page.test'],
    origins: ['http://page.test'],
    anonymous: true,
  };
  const own = await Broker.start({ sites: [site] });
  const url = `http://127.0.0.1:${own.port}`;
  const origin = { Origin: 'http://page.test' };
  const preflight = await fetch(`${url}/emulation`, {
    method: 'OPTIONS',
    headers: { ...origin, 'Access-Control-Request-Headers': 'content-type' },
  });
  assert.equal(preflight.status, 204);
  const allowed = preflight.headers;
  assert.equal(allowed.get('access-control-allow-origin'), 'http://page.test');
  assert.equal(allowed.get('access-control-allow-credentials'), 'true');
  assert.equal(allowed.get('access-control-allow-headers'), 'content-type');
  assert.equal(allowed.get('access-control-allow-methods'), 'POST, OPTIONS');
  assert.equal(allowed.get('access-control-max-age'), '300');
  const stream = await openStream(`${url}/connection/http_stream`, {
    method: 'POST',
    headers: origin,
    body: '{"connect":{},"id":1}',
  });
  assert.equal(
    stream.response.headers.get('access-control-allow-origin'),
    'http://page.test',
  );
  stream.close();
  for (const [path, method] of [
    ['/emulation', 'POST'],
    ['/emulation', 'OPTIONS'],
    ['/connection/http_stream', 'POST'],
    ['/connection/sse', 'POST'],
    ['/connection/uni_sse', 'POST'],
    ['/connection/sse', 'OPTIONS'],
  ]) {
    const answer = await fetch(url + path, {
      method,
      headers: { Origin: 'http://evil.test' },
    });
    assert.equal(answer.status, 403, `${method} ${path}`);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  }
  await own.remove();
});

test('a proxy of HTTP/1.0 gets a body without chunks', async () => {
  const socket = connectTcp(broker.port, '127.0.0.1');
  const body = '{"connect":{},"id":1}';
  socket.write(
    `POST /connection/http_stream HTTP/1.0\r\nHost: 127.0.0.1:${broker.port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  let text = '';
  for await (const bytes of socket) {
    text += bytes;
    if (text.includes('"connect"')) break;
  }
  assert.doesNotMatch(text, /chunked/);
  assert.match(text, /\r\n\r\n\{"id":1,"connect":\{/);
  socket.destroy();
});

test('who hangs up is gone at once, presence and all', async () => {
  const { stream, session, node } = await openSse();
  const data = '{"subscribe":{"channel":"all:gone"},"id":2}';
  await post({ session, node, data });
  await nextEvent(stream);
  const count = async () => {
    const answer = await broker.api('presence_stats', { channel: 'all:gone' });
    return answer.result.num_clients;
  };
  assert.equal(await count(), 1);
  stream.close();
  while ((await count()) > 0);
});
