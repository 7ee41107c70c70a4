/**
 * A hostile page in the browser of somebody who is signed in: it has no access
 * to the user's connection, whichever way it tries.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before } from 'node:test';
import { keep, publish } from './support/page.mjs';
import { stack, test } from './support/test.mjs';

let server;
let port;
before(async () => {
  server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>Hostile</title><p>Win a prize!');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address());
});
after(() => server?.close());

/** Where the hostile page is, as a browser names it. */
const places = {
  // The same site for a browser, so that even SameSite cookies come along.
  'on another port of the site’s host': () => `http://127.0.0.1:${port}/`,
  'on another host': () => `http://evil.localhost:${port}/`,
};

/**
 * Tries all ways in, in a page or frame; tells what came of each.
 *
 * `session` and `node` are those of the victim's own connection, as if they had
 * leaked.
 */
const attack = (where, { session, node }) =>
  where.evaluate(
    async ([base, names]) => {
      const connect = JSON.stringify({ id: 1, connect: {} });
      const patience = (ms) =>
        new Promise((late) => setTimeout(late, ms, 'nothing'));
      const socket = (path) =>
        new Promise((resolve) => {
          const made = new WebSocket(base.replace('http', 'ws') + path);
          made.onopen = () => made.send(connect);
          made.onmessage = ({ data }) => resolve(`heard ${data}`);
          made.onerror = () => resolve('refused');
        });
      const events = (path, withCredentials) =>
        new Promise((resolve) => {
          const made = new globalThis.EventSource(base + path, {
            withCredentials,
          });
          made.onopen = () => resolve('opened');
          made.onmessage = ({ data }) => resolve(`heard ${data}`);
          made.onerror = () => {
            made.close();
            resolve('refused');
          };
        });
      const ask = (path, options) =>
        fetch(base + path, { credentials: 'include', ...options }).then(
          ({ type, status }) =>
            type === 'opaque' ? 'opaque' : `read ${status}`,
          () => 'refused',
        );
      const post = (data) => ({ method: 'POST', body: data });
      const json = { headers: { 'Content-Type': 'application/json' } };
      const stolen = JSON.stringify({
        ...names,
        data: JSON.stringify({
          id: 99,
          publish: { channel: 'chat:lounge', data: { text: 'forged' } },
        }),
      });
      const query = `?cf_connect=${encodeURIComponent(connect)}`;
      const tried = {
        WebSocket: socket('/connection/websocket'),
        'one-way WebSocket': socket(`/connection/uni_websocket${query}`),
        EventSource: events(`/connection/sse${query}`, true),
        'EventSource without cookies': events(`/connection/sse${query}`, false),
        'one-way EventSource': events(`/connection/uni_sse${query}`, true),
        fetch: ask(`/connection/uni_sse${query}`),
        stream: ask('/connection/http_stream', post(connect)),
        'stream with a preflight': ask('/connection/http_stream', {
          ...post(connect),
          ...json,
        }),
        emulation: ask('/emulation', post(stolen)),
        'emulation with a preflight': ask('/emulation', {
          ...post(stolen),
          ...json,
        }),
        // Its answer cannot be read; what it does is seen elsewhere.
        'blind emulation': ask('/emulation', {
          ...post(stolen),
          mode: 'no-cors',
        }),
      };
      const outcomes = {};
      for (const [way, outcome] of Object.entries(tried)) {
        outcomes[way] = await Promise.race([outcome, patience(5000)]);
      }
      return outcomes;
    },
    [`http://127.0.0.1:${stack.brokerPort}`, { session, node }],
  );

/** The same from the site's own page, to see that the ways are ways. */
const useOwn = (person) =>
  person.page.evaluate(async (base) => {
    const connect = JSON.stringify({ id: 1, connect: {} });
    const made = new WebSocket(
      `${base.replace('http', 'ws')}/connection/websocket`,
    );
    made.onopen = () => made.send(connect);
    const first = await new Promise((resolve) => {
      made.onmessage = ({ data }) => resolve(JSON.parse(data));
    });
    made.close();
    const response = await fetch(`${base}/connection/http_stream`, {
      method: 'POST',
      body: connect,
      credentials: 'include',
    });
    const reader = response.body.getReader();
    const { value } = await reader.read();
    const [line] = new TextDecoder().decode(value).split('\n');
    // The stream stays open: its session is the one to be stolen.
    globalThis.kept = reader;
    return { socket: first.connect, stream: JSON.parse(line).connect };
  }, `http://127.0.0.1:${stack.brokerPort}`);

function assertAllRefused(outcomes) {
  const { 'blind emulation': blind, ...others } = outcomes;
  assert.ok(['opaque', 'refused'].includes(blind), blind);
  for (const [way, outcome] of Object.entries(others)) {
    assert.equal(outcome, 'refused', way);
  }
  assert.equal(Object.keys(others).length, 10);
}

/** Nothing of the hostile page's came through; what is allowed does. */
async function assertOnlyOwnIsHeard(member, lounge) {
  assert.equal(
    await publish(member, 'chat:lounge', { text: 'genuine' }),
    'published',
  );
  await lounge.count(1);
  const heard = await lounge.kept();
  assert.deepEqual(
    heard.map(({ text }) => text),
    ['genuine'],
  );
}

for (const [where, address] of Object.entries(places)) {
  test(`A hostile page ${where} gets nowhere`, async ({ arrive }) => {
    const member = await arrive('member');
    await member.openLive('/notes');
    const own = await useOwn(member);
    assert.ok(own.socket.client && own.stream.session);
    const lounge = await keep(member, 'chat:lounge');

    const hostile = await member.page.context().newPage();
    await hostile.goto(address());
    assertAllRefused(await attack(hostile, own.stream));

    await assertOnlyOwnIsHeard(member, lounge);
  });

  test(`A sandboxed frame of a page ${where} gets nowhere`, async ({
    arrive,
  }) => {
    const member = await arrive('member');
    await member.openLive('/notes');
    const own = await useOwn(member);
    const lounge = await keep(member, 'chat:lounge');

    const hostile = await member.page.context().newPage();
    await hostile.goto(address());
    const attached = hostile.waitForEvent('frameattached');
    await hostile.evaluate(() => {
      const frame = globalThis.document.createElement('iframe');
      frame.sandbox = 'allow-scripts';
      frame.srcdoc = '<p>Win a prize!';
      globalThis.document.body.append(frame);
    });
    const frame = await attached;
    await frame.waitForLoadState();
    assert.equal(await frame.evaluate(() => globalThis.origin), 'null');
    assertAllRefused(await attack(frame, own.stream));

    await assertOnlyOwnIsHeard(member, lounge);
  });
}
