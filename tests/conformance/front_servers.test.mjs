// What doc/proxies.md tells people to write into their web servers, written
// into real ones.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { Certificate } from './certificate.mjs';
import { FrontServer, kinds } from './front_servers.mjs';
import { GoldenSite } from './golden.mjs';
import { greet, open, openEvents, openSocket } from './requests.mjs';

let certificate;
let golden;
let broker;
before(async () => {
  certificate = new Certificate();
  golden = new GoldenSite();
  broker = await Broker.start({
    sites: [
      golden.document,
      { version: 1, key: 'other', hosts: ['other.test'] },
    ],
    flags: [
      ...['--trusted-proxies', '127.0.0.1'],
      ...['--client-address-connection-limit', '1'],
    ],
  });
});
after(async () => {
  await broker?.remove();
  golden?.remove();
  certificate?.remove();
});

const ORIGINS = { http: 'http://golden.test', https: 'https://golden.test' };
const cookieOf = (scheme) =>
  scheme === 'https' ? golden.secureCookie : golden.cookie;

// As a browser on a page of the site asks, from an address of its own.
let last = 1;
const browser = (scheme, { cookie = cookieOf(scheme), origin = true } = {}) => {
  last += 1;
  return {
    ca: certificate.pem,
    servername: 'localhost',
    localAddress: `127.0.0.${last}`,
    headers: {
      Host: 'golden.test',
      'Accept-Encoding': 'gzip',
      'Sec-Fetch-Site': 'same-origin',
      ...(origin ? { Origin: ORIGINS[scheme] } : {}),
      ...(cookie ? { Cookie: cookie } : {}),
    },
  };
};

const CONNECT = { id: 1, connect: {} };
const SUBSCRIBE = { id: 2, subscribe: { channel: 'news:1' } };
const commands = (...all) => all.map((one) => JSON.stringify(one)).join('\n');

// Publishes through the same server, and sees that the others have it at once.
async function say(front, scheme, data) {
  const url = `${front[scheme].replace('http', 'ws')}/connection/websocket`;
  const socket = await openSocket(url, browser(scheme));
  await greet(socket);
  socket.ask({ id: 2, subscribe: { channel: 'news:1' } });
  await socket.next();
  socket.ask({ id: 3, publish: { channel: 'news:1', data } });
  await socket.next();
  await socket.next();
  await socket.close();
}

test('the module’s README has the same lines for nginx', () => {
  const lines = (path) =>
    readFileSync(path, 'utf8').match(/```nginx\n([\s\S]*?)```/)[1];
  assert.equal(
    lines('drupal_module/drupalrt/README.md'),
    lines('doc/proxies.md'),
  );
});

for (const kind of kinds) {
  const patience = { timeout: 60_000 };
  test(`${kind}, with the lines of the document`, patience, async (t) => {
    const front = await FrontServer.start(kind, { broker, certificate });
    t.after(() => front.stop());
    for (const scheme of ['http', 'https']) {
      const base = front[scheme];

      await t.test(
        `a WebSocket signs in by its cookie on ${scheme}`,
        async () => {
          const url = `${base.replace('http', 'ws')}/connection/websocket`;
          const socket = await openSocket(url, browser(scheme));
          assert.ok(GoldenSite.knows(await greet(socket)));
          socket.ask(SUBSCRIBE);
          assert.deepEqual(await socket.next(), { id: 2, subscribe: {} });
          await say(front, scheme, 'hello');
          assert.equal((await socket.next()).push.pub.data, 'hello');
          await socket.close();
        },
      );

      await t.test(
        `an HTTP stream brings each line when it is due on ${scheme}`,
        async () => {
          const { headers, ...rest } = browser(scheme);
          const stream = await open(`${base}/connection/http_stream`, {
            ...rest,
            headers: { ...headers, 'Content-Type': 'application/json' },
            method: 'POST',
            body: commands(CONNECT, SUBSCRIBE),
          });
          assert.equal(stream.headers['content-encoding'], undefined);
          const { connect } = JSON.parse(await stream.next('\n'));
          assert.ok(GoldenSite.knows(connect));
          assert.deepEqual(JSON.parse(await stream.next('\n')).subscribe, {});
          await say(front, scheme, 'one');
          assert.equal(
            JSON.parse(await stream.next('\n')).push.pub.data,
            'one',
          );

          const { session, node } = connect;
          const data = JSON.stringify({
            id: 3,
            publish: { channel: 'news:1', data: 'two' },
          });
          const posted = await open(`${base}/emulation`, {
            ...browser(scheme),
            method: 'POST',
            body: JSON.stringify({ session, node, data }),
          });
          assert.equal(posted.status, 204);
          const lines = [await stream.next('\n'), await stream.next('\n')];
          assert.ok(
            lines.some((line) => JSON.parse(line).push?.pub.data === 'two'),
          );
          stream.close();
        },
      );

      await t.test(
        `another site’s page signs nobody in by a forged header on ${scheme}`,
        async () => {
          const { headers, ...rest } = browser(scheme, { origin: false });
          const forged = {
            'X-Forwarded-Host': 'golden.test',
            Forwarded: 'for=127.0.0.9;host=golden.test',
          };
          const path = `/connection/sse?cf_connect=${encodeURIComponent(commands(CONNECT))}`;
          const stream = await open(base + path, {
            ...rest,
            headers: { ...headers, ...forged, Host: 'other.test' },
          });
          const said = await stream.next('\n');
          assert.ok(!said.includes('members:in'), said);
          stream.close();
        },
      );

      await t.test(
        `an EventSource without an Origin is the user’s on ${scheme}`,
        async () => {
          const path = `/connection/sse?cf_connect=${encodeURIComponent(commands(CONNECT, SUBSCRIBE))}`;
          const stream = await openEvents(
            base + path,
            browser(scheme, { origin: false }),
          );
          assert.equal(stream.headers['content-encoding'], undefined);
          const { connect } = await stream.event();
          assert.ok(GoldenSite.knows(connect), 'by the scheme’s own cookie');
          assert.deepEqual((await stream.event()).subscribe, {});
          await say(front, scheme, 'three');
          assert.equal((await stream.event()).push.pub.data, 'three');
          stream.close();

          const other = scheme === 'http' ? 'https' : 'http';
          const wrong = await openEvents(
            base + path,
            browser(scheme, { origin: false, cookie: cookieOf(other) }),
          );
          assert.ok(!GoldenSite.knows((await wrong.event()).connect));
          wrong.close();
        },
      );

      await t.test(
        `the browser’s address arrives, whatever it says, on ${scheme}`,
        async () => {
          const one = browser(scheme);
          one.headers['X-Forwarded-For'] = '192.0.2.1';
          const path = `${base}/connection/uni_sse`;
          const first = await openEvents(path, one);
          assert.equal(first.status, 200);
          await first.event();
          one.headers['X-Forwarded-For'] = '192.0.2.2';
          const second = await open(path, one);
          assert.equal(second.status, 503, 'one connection from an address');
          const elsewhere = await openEvents(path, browser(scheme));
          assert.equal(elsewhere.status, 200);
          for (const each of [first, second, elsewhere]) each.close();
        },
      );

      await t.test(
        `a page of another origin gets nowhere on ${scheme}`,
        async () => {
          const hostile = browser(scheme);
          hostile.headers.Origin = 'https://evil.test';
          const url = `${base.replace('http', 'ws')}/connection/websocket`;
          await assert.rejects(openSocket(url, hostile), /status 403/);
          const refused = await open(`${base}/connection/uni_sse`, hostile);
          assert.equal(refused.status, 403);
          assert.equal(
            refused.headers['access-control-allow-origin'],
            undefined,
          );
        },
      );

      await t.test(
        `nothing else of the broker is passed on ${scheme}`,
        async () => {
          const health = await open(`${base}/health`, browser(scheme));
          assert.equal(health.status, 200);
          for (const path of ['/metrics', '/api/info', '/health/ready', '/']) {
            const { status } = await open(base + path, browser(scheme));
            assert.equal(status, 404, path);
          }
        },
      );
    }
  });
}
