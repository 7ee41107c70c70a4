/** On https: the session cookie has another name, and the socket is wss. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { freePorts } from '../../demo/runner/ports.mjs';
import { Certificate } from '../conformance/certificate.mjs';
import { FrontServer } from '../conformance/front_servers.mjs';
import { subscribe } from './support/page.mjs';
import { ownStack, test } from './support/test.mjs';

/** The site behind nginx, and what passes its pages on. */
const PAGES = (port) => `
  location / {
    proxy_pass http://127.0.0.1:${port};
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
  }`;

let certificate;
before(() => {
  certificate = new Certificate();
});
after(() => certificate?.remove());

/** A site on https whose broker is found at `brokerUrl(ports)`. */
async function httpsSite(name, { brokerUrl, flags }) {
  const [https, tls] = await freePorts([0, 0]);
  const publicUrl = `https://127.0.0.1:${https}`;
  const stack = ownStack(name, {
    publicUrl,
    publicBrokerUrl: brokerUrl({ publicUrl, tls }),
    brokerFlags: flags({ tls }),
  });
  let nginx = null;
  const stop = async () => {
    await nginx?.stop();
    await stack.stop();
  };
  try {
    await stack.start();
    nginx = await FrontServer.start('nginx', {
      broker: { port: stack.brokerPort },
      certificate,
      more: PAGES(stack.port),
      port: https,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stack, stop };
}

const ways = {
  'by a path that nginx passes on': {
    brokerUrl: ({ publicUrl }) => `${publicUrl}/drupalrt`,
    flags: () => ['--trusted-proxies', '127.0.0.1'],
  },
  'by the broker’s own TLS, on another port': {
    brokerUrl: ({ tls }) => `https://127.0.0.1:${tls}`,
    flags: ({ tls }) => [
      ...['--tls-listen', `127.0.0.1:${tls}`],
      ...['--tls-cert', certificate.cert],
      ...['--tls-key', certificate.key],
    ],
  },
};

for (const [way, options] of Object.entries(ways)) {
  test(`A chat line comes by wss, ${way}`, async ({ arrive }) => {
    const { stack, stop } = await httpsSite(way.replace(/\W+/g, '-'), options);
    try {
      const here = { site: stack.site, ignoreHTTPSErrors: true };
      const member = await arrive('member', here);
      const other = await arrive('second member', here);
      const sockets = [];
      member.page.on('websocket', (socket) => sockets.push(socket.url()));
      await Promise.all([member.openLive('/chat'), other.openLive('/chat')]);

      const heard = await member.watch('#talk', 'hello by wss');
      await other.say('hello by wss');
      await heard();

      assert.equal(await subscribe(member, 'members:news'), 'subscribed');
      const cookies = await member.page.context().cookies();
      const session = cookies.filter(({ name }) => /^S?SESS/.test(name));
      assert.deepEqual(
        session.map(({ name, secure }) => [name.slice(0, 5), secure]),
        [['SSESS', true]],
      );
      const expected = stack.publicBrokerUrl.replace('https', 'wss');
      assert.ok(sockets.length > 0);
      for (const url of sockets) assert.ok(url.startsWith(expected), url);
    } finally {
      await stop();
    }
  });
}

test('An EventSource on https is its user’s, though it says no Origin', async ({
  arrive,
}) => {
  const { stack, stop } = await httpsSite(
    'event-source',
    ways['by a path that nginx passes on'],
  );
  try {
    const here = { site: stack.site, ignoreHTTPSErrors: true };
    const member = await arrive('member', here);
    await member.page.addInitScript(() => {
      delete globalThis.WebSocket;
      delete globalThis.ReadableStream;
    });
    await member.openLive('/notes');
    assert.equal(await subscribe(member, 'members:news'), 'subscribed');
    // A stream that breaks off would be an error in its console.
    await member.page.close();
  } finally {
    await stop();
  }
});
