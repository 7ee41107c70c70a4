// Behind proxies: whose word counts, and on what.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { Certificate } from './certificate.mjs';
import { GoldenSite } from './golden.mjs';
import { openEvents } from './requests.mjs';

const STREAM = '/connection/uni_sse';

let golden;
let broker;
before(async () => {
  golden = new GoldenSite();
  broker = await Broker.start({
    sites: [golden.document],
    flags: [
      ...['--trusted-proxies', '127.0.0.1'],
      ...['--trusted-proxies', '10.0.0.0/8'],
      ...['--client-address-connection-limit', '1'],
      ...['--log-level', 'debug'],
    ],
  });
});
after(async () => {
  await broker?.remove();
  golden?.remove();
});

// A stream as a proxy passes it on; `from`: the proxy's own address.
const through = (headers, from = '127.0.0.1') =>
  openEvents(`${broker.origin}${STREAM}`, {
    localAddress: from,
    headers: { Host: 'golden.test', ...headers },
  });

test('an address has its connections, whichever proxy they come by', async () => {
  const first = await through({ 'X-Forwarded-For': '192.0.2.1' });
  assert.equal(first.status, 200);
  const second = await through({
    'X-Forwarded-For': '203.0.113.7, 192.0.2.1, 10.0.0.5',
  });
  assert.equal(second.status, 503, 'the same client by another way');
  while (!/refused from 192\.0\.2\.1: as many conn/.test(broker.log)) {
    await once(broker.child.stderr, 'data');
  }
  const third = await through({ 'X-Forwarded-For': '192.0.2.2' });
  assert.equal(third.status, 200);
  const fourth = await through({ Forwarded: 'for="[2001:db8::1]:4711"' });
  assert.equal(fourth.status, 200);
  const fifth = await through({ 'X-Forwarded-For': '2001:db8::1' });
  assert.equal(fifth.status, 503);
  for (const one of [first, third, fourth]) one.close();
});

test('what anybody else says of himself is ignored', async () => {
  const first = await through({ 'X-Forwarded-For': '192.0.2.8' }, '127.0.0.2');
  assert.equal(first.status, 200);
  const second = await through({ 'X-Forwarded-For': '192.0.2.9' }, '127.0.0.2');
  assert.equal(second.status, 503, 'both are from 127.0.0.2');
  first.close();
});

test('the browser’s scheme and host are what the proxy says', async () => {
  const signedIn = {
    'Sec-Fetch-Site': 'same-origin',
    Cookie: golden.secureCookie,
  };
  const said = { 'X-Forwarded-Proto': 'https' };
  const from = (n) => ({ 'X-Forwarded-For': `192.0.2.${n}` });
  const secure = await through({ ...signedIn, ...said, ...from(20) });
  assert.ok(GoldenSite.knows((await secure.event()).connect));
  const plain = await through({ ...signedIn, ...from(21) });
  assert.ok(!GoldenSite.knows((await plain.event()).connect));
  const lie = await through({ ...signedIn, ...said }, '127.0.0.3');
  assert.ok(!GoldenSite.knows((await lie.event()).connect));
  const elsewhere = await through({
    ...signedIn,
    ...said,
    ...from(22),
    Host: '127.0.0.1',
    'X-Forwarded-Host': 'golden.test',
  });
  assert.ok(GoldenSite.knows((await elsewhere.event()).connect));
  for (const one of [secure, plain, lie, elsewhere]) one.close();
});

// Bytes sent as they are, from an address; the answer until the end, or until
// it is enough.
async function talk(port, bytes, from = '127.0.0.1') {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (more) => {
    text += more;
  });
  socket.on('error', () => {});
  const over = once(socket, 'close');
  socket.write(bytes);
  return {
    async until(enough) {
      while (!text.includes(enough) && !socket.destroyed) {
        await Promise.race([once(socket, 'data'), over]);
      }
      return text;
    },
    async rest() {
      await over;
      return text;
    },
    close: () => socket.destroy(),
  };
}

const REQUEST = `GET ${STREAM} HTTP/1.1\r\nHost: golden.test\r\n\r\n`;
const V2 = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

test('a PROXY header says whose connection it is, and is asked for', async () => {
  const proxied = await Broker.start({
    sites: [golden.document],
    flags: [
      ...['--trusted-proxies', '127.0.0.1', '--proxy-protocol'],
      ...['--client-address-connection-limit', '1'],
    ],
  });
  const { port } = proxied;
  try {
    const line = 'PROXY TCP4 192.0.2.1 10.0.0.1 4711 443\r\n';
    const first = await talk(port, line + REQUEST);
    assert.match(await first.until('"connect"'), /^HTTP\/1.1 200/);
    // The same client by version 2, with an extension behind the addresses.
    const binary = Buffer.concat([
      V2,
      Buffer.from('2111000fc00002010a000001126701bb040000', 'hex'),
      Buffer.from(REQUEST),
    ]);
    const same = await talk(port, binary);
    assert.match(await same.until('\r\n'), /^HTTP\/1.1 503/);
    const local = Buffer.concat([
      V2,
      Buffer.from('20000000', 'hex'),
      Buffer.from(REQUEST),
    ]);
    const health = await talk(port, local);
    assert.match(await health.until('"connect"'), /^HTTP\/1.1 200/);

    // A proxy that does not say whose it is has looked into no header either.
    const unknown = 'PROXY UNKNOWN\r\n';
    const lies = REQUEST.replace(
      '\r\n\r\n',
      '\r\nX-Forwarded-For: 192.0.2.77\r\n\r\n',
    );
    const nobody = await talk(port, unknown + lies);
    assert.match(
      await nobody.until('\r\n'),
      /^HTTP\/1.1 503/,
      'it counts as the proxy’s, which has one by now',
    );
    nobody.close();

    const none = await talk(port, REQUEST);
    assert.equal(await none.rest(), '', 'without a header: closed');
    const other = await talk(port, REQUEST, '127.0.0.2');
    assert.match(await other.until('"connect"'), /^HTTP\/1.1 200/);
    const liar = await talk(port, line + REQUEST, '127.0.0.3');
    assert.match(await liar.rest(), /^HTTP\/1.1 400/);
    for (const one of [first, same, health, other]) one.close();
  } finally {
    await proxied.remove();
  }
});

test('the PROXY header comes before TLS', async () => {
  const certificate = new Certificate();
  const proxied = await Broker.start({
    certificate,
    sites: [golden.document],
    flags: ['--trusted-proxies', '127.0.0.1', '--proxy-protocol'],
  });
  try {
    const socket = connect(proxied.tlsPort, '127.0.0.1');
    socket.write('PROXY TCP4 192.0.2.1 10.0.0.1 4711 443\r\n');
    await once(socket, 'connect');
    const secured = connectTls({
      socket,
      ca: certificate.pem,
      servername: 'localhost',
    });
    secured.write(REQUEST);
    const [answer] = await once(secured, 'data');
    assert.match(String(answer), /^HTTP\/1.1 200/);
    secured.destroy();
  } finally {
    await proxied.remove();
    certificate.remove();
  }
});
