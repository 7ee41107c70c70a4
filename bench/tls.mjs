// What TLS costs: a handshake, one that resumes, the memory of a connection
// that idles, and a message to many; each beside the same without.
//
// usage: node bench/tls.mjs [CLIENTS [MESSAGES]]
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { Broker } from '../tests/conformance/broker.mjs';
import { Certificate } from '../tests/conformance/certificate.mjs';
import { Link } from '../tests/conformance/link.mjs';
import { frame, HANDSHAKE } from '../tests/conformance/sockets.mjs';
import { usage } from './raw.mjs';

const clients = Number(process.argv[2] ?? 2_000);
const messages = Number(process.argv[3] ?? 200);
const AT_ONCE = 32;
const IDLE_MS = 1_500;

const certificate = new Certificate();
const broker = await Broker.start({
  certificate,
  flags: ['--insecure', '--workers', '1'],
  env: {
    DRUPALRT_CHANNEL_NAMESPACES: '[{"name":"bench","subscribe":"everyone"}]',
  },
});
const { pid } = broker.child;
const pause = (ms) => new Promise((later) => setTimeout(later, ms));

// Each message is published when all have the one before.
let missing = 0;
let wanted = 0;
let allHave = () => {};

// A WebSocket that is subscribed; counts what it is sent.
function opened(connect) {
  return new Promise((done, failed) => {
    const socket = connect();
    const made = { socket, bytes: 0, session: null };
    socket.on('session', (session) => {
      made.session = session;
    });
    socket.on('error', failed);
    let text = '';
    const greet = (bytes) => {
      text += bytes.toString('latin1');
      if (!text.includes('"id":2,')) return;
      socket.off('data', greet);
      socket.on('data', (more) => {
        const lacked = made.bytes < wanted;
        made.bytes += more.length;
        if (!lacked || made.bytes < wanted) return;
        missing -= 1;
        if (missing === 0) allHave();
      });
      done(made);
    };
    socket.on('data', greet);
    socket.write(
      `GET /connection/websocket HTTP/1.1\r\nHost: bench.test\r\n${HANDSHAKE}\r\n\r\n`,
    );
    socket.write(
      frame(
        1,
        '{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"bench:1"}}',
      ),
    );
  });
}

async function crowd(connect) {
  const all = [];
  let under = 0;
  const one = async () => {
    while (all.length + under < clients) {
      under += 1;
      const made = await opened(connect);
      under -= 1;
      all.push(made);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return all;
}

const link = await Link.open(broker.socket);
// `fresh`: memory tells nothing where the last crowd left its own.
async function measure(name, connect, fresh = true) {
  const before = usage(pid);
  const all = await crowd(connect);
  const open = usage(pid);
  await pause(IDLE_MS);
  const idle = usage(pid);
  const from = usage(pid);
  const data = { text: 'x'.repeat(110) };
  wanted = data.text.length;
  for (let n = 0; n < messages; n += 1) {
    for (const one of all) one.bytes = 0;
    missing = clients;
    const had = new Promise((done) => {
      allHave = done;
    });
    await link.publish('bench:1', data, true);
    await had;
  }
  const to = usage(pid);
  const each = (value, factor, digits) =>
    ((value * factor) / clients).toFixed(digits);
  const memory = each(idle.memory - before.memory, 1024, 1);
  console.log(
    [
      `${name.padEnd(14)} CPU to open ${each(open.cpu - before.cpu, 1e3, 3)} ms`,
      `CPU of a message ${each((to.cpu - from.cpu) / messages, 1e6, 2)} us`,
      ...(fresh ? [`memory ${memory} KiB`] : []),
    ].join(', '),
  );
  for (const one of all) one.socket.destroy();
  await pause(IDLE_MS);
  return all;
}

const secure = (session) => () =>
  connectTls({
    port: broker.tlsPort,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    session,
  });
await measure('plain', () => connectTcp(broker.port, '127.0.0.1'));
const [{ session }] = await measure('TLS', secure());
await measure('TLS, resumed', secure(session), false);

link.close();
await broker.remove();
certificate.remove();
process.exit(0);
