// The broker's own TLS, as Node's OpenSSL sees it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { Certificate } from './certificate.mjs';
import { GoldenSite } from './golden.mjs';
import { greet, open, openEvents, openSocket } from './requests.mjs';
import { Raw } from './sockets.mjs';

const ORIGIN = 'https://golden.test';

let certificate;
let golden;
let broker;
let wss;
let https;
before(async () => {
  certificate = new Certificate('first.test');
  golden = new GoldenSite();
  broker = await Broker.start({
    certificate,
    sites: [golden.document],
    flags: ['--workers', '2'],
  });
  wss = `wss://127.0.0.1:${broker.tlsPort}/connection/websocket`;
  https = `https://127.0.0.1:${broker.tlsPort}`;
});
after(async () => {
  await broker?.remove();
  golden?.remove();
  certificate?.remove();
});

const trusting = () => ({ ca: certificate.pem });

// A handshake, and what came of it.
async function shakeHands(options = {}) {
  const socket = connectTls({
    port: broker.tlsPort,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...options,
  });
  const outcome = await new Promise((done) => {
    socket.once('secureConnect', () => done('agreed'));
    socket.once('error', ({ code }) => done(code));
    socket.once('close', () => done('closed'));
  });
  const { CN: name } = socket.getPeerCertificate?.()?.subject ?? {};
  const agreed = {
    outcome,
    name,
    version: socket.getProtocol?.(),
    alpn: socket.alpnProtocol,
    resumed: socket.isSessionReused?.(),
  };
  return { ...agreed, socket };
}

const ended = (raw) => raw.rest();

test('wss and https answer as ws and http do', async () => {
  const health = await open(`${https}/health`, trusting());
  assert.equal(health.status, 200);
  const socket = await openSocket(wss, { ...trusting(), origin: ORIGIN });
  await greet(socket);
  socket.ask({ id: 2, subscribe: { channel: 'news:1' } });
  assert.deepEqual(await socket.next(), { id: 2, subscribe: {} });
  socket.ask({
    id: 3,
    publish: { channel: 'news:1', data: 'x'.repeat(50000) },
  });
  const { push } = await socket.next();
  assert.equal(push.pub.data.length, 50000);
  await socket.close();
});

test('TLS 1.2 and 1.3 are agreed on, 1.1 is not', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const agreed = await shakeHands({
      minVersion: version,
      maxVersion: version,
    });
    assert.equal(agreed.version, version);
    agreed.socket.destroy();
  }
  const { outcome } = await shakeHands({
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  assert.match(outcome, /PROTOCOL_VERSION/);
});

test('of the protocols that are offered it takes http/1.1', async () => {
  const both = await shakeHands({ ALPNProtocols: ['h2', 'http/1.1'] });
  assert.equal(both.alpn, 'http/1.1');
  both.socket.destroy();
  const { outcome } = await shakeHands({ ALPNProtocols: ['h2'] });
  assert.match(outcome, /NO_APPLICATION_PROTOCOL/);
});

test('who came before resumes, on whichever worker', async () => {
  const { socket } = await shakeHands();
  const [session] = await once(socket, 'session');
  socket.destroy();
  for (let i = 0; i < 8; i += 1) {
    const again = await shakeHands({ session });
    assert.equal(again.resumed, true);
    again.socket.destroy();
  }
});

test('what is no TLS is closed, without a reset', async () => {
  for (const bytes of [
    'GET / HTTP/1.1\r\nHost: golden.test\r\n\r\n',
    Buffer.alloc(300, 0xff),
    Buffer.alloc(300),
    'PROXY TCP4 192.0.2.1 10.0.0.1 1 2\r\n',
  ]) {
    const raw = new Raw(broker.tlsPort).send(bytes);
    let reset = false;
    raw.socket.on('error', () => {
      reset = true;
    });
    const said = await ended(raw);
    assert.equal(reset, false);
    assert.ok(said.length < 16, 'an alert at most');
  }
  const half = new Raw(broker.tlsPort).send('\x16\x03\x01\x02');
  await once(half.socket, 'connect');
  half.close();
  assert.equal((await open(`${https}/health`, trusting())).status, 200);
});

test('a cookie of https says who it is, with an Origin and without', async () => {
  const cookie = golden.secureCookie;
  const socket = await openSocket(wss, {
    ...trusting(),
    origin: ORIGIN,
    headers: { Cookie: cookie },
  });
  assert.ok(GoldenSite.knows(await greet(socket)));
  await socket.close();

  // A same-origin EventSource sends none.
  const own = {
    ...trusting(),
    headers: {
      Host: 'golden.test',
      'Sec-Fetch-Site': 'same-origin',
      Cookie: cookie,
    },
  };
  const path = '/connection/uni_sse?cf_connect={}';
  const events = await openEvents(https + path, own);
  assert.ok(GoldenSite.knows((await events.event()).connect));
  events.close();
  const plain = await openEvents(broker.origin + path, own);
  assert.ok(
    !GoldenSite.knows((await plain.event()).connect),
    'on http the cookie has another name',
  );
  plain.close();
});

async function until(question) {
  while (!(await question())) {
    await new Promise((later) => setTimeout(later, 20));
  }
}

// The name in the certificate that a newcomer sees.
async function shown() {
  const { name, socket } = await shakeHands();
  socket.destroy();
  return name;
}

test('a renewed certificate is for newcomers; who is there stays', async () => {
  const people = [];
  for (let i = 0; i < 20; i += 1) {
    const socket = await openSocket(wss, { ...trusting(), origin: ORIGIN });
    await greet(socket);
    socket.ask({ id: 2, subscribe: { channel: 'news:2' } });
    await socket.next();
    people.push(socket);
  }
  const [speaker] = people;
  let said = 0;
  const say = () => {
    said += 1;
    speaker.ask({ id: 100 + said, publish: { channel: 'news:2', data: said } });
  };
  const talk = setInterval(say, 5);

  certificate.renew('second.test');
  await until(async () => (await shown()) === 'second.test');
  // A broken pair: the key is another certificate's.
  const other = new Certificate('third.test');
  writeFileSync(certificate.cert, other.pem);
  await until(() => broker.log.includes('TLS goes on with the certificate'));
  assert.match(broker.log, /is not that of the first certificate/);
  assert.equal(await shown(), 'second.test');
  other.remove();

  certificate.renew('fourth.test');
  broker.child.kill('SIGHUP');
  await until(async () => (await shown()) === 'fourth.test');

  clearInterval(talk);
  say();
  for (const person of people) {
    const heard = [];
    while (heard.at(-1) !== said) {
      const { push } = await person.next();
      if (push?.pub) heard.push(push.pub.data);
    }
    assert.deepEqual(
      heard,
      Array.from({ length: said }, (_, i) => i + 1),
    );
    await person.close();
  }
});

test('only 1.3 where that is asked for, and a bad certificate is refused at once', async () => {
  const strict = await Broker.start({
    certificate,
    flags: ['--tls-min-version', '1.3'],
  });
  try {
    const port = strict.tlsPort;
    const old = await shakeHands({ port, maxVersion: 'TLSv1.2' });
    assert.match(old.outcome, /PROTOCOL_VERSION/);
    assert.equal((await shakeHands({ port })).version, 'TLSv1.3');
  } finally {
    await strict.remove();
  }
  await assert.rejects(
    Broker.start({ certificate: { cert: '/nowhere.pem', key: '/nowhere' } }),
    /nowhere.pem holds no certificate in PEM/,
  );
});
