// Everybody loses the connection at once, and comes back to be given what was
// published meanwhile: how long until all are live again, and what it takes.
//
// usage: node bench/recovery.mjs [CLIENTS [MISSED]]
import { Broker } from '../tests/conformance/broker.mjs';
import { Link } from '../tests/conformance/link.mjs';
import { Raw, usage } from './raw.mjs';

const clients = Number(process.argv[2] ?? 10_000);
const missed = Number(process.argv[3] ?? 20);
const AT_ONCE = 256;

const namespaces = [
  {
    name: 'stream',
    history_size: 100,
    history_ttl: '300s',
    force_recovery: true,
  },
];
const broker = await Broker.start({
  flags: ['--insecure', '--workers', '1'],
  env: { DRUPALRT_CHANNEL_NAMESPACES: JSON.stringify(namespaces) },
});

// As many under way at a time as a busy server accepts in a moment.
async function openAll(subscribe, until) {
  const all = [];
  const commands = `{"id":1,"connect":{}}\n${JSON.stringify({ id: 2, subscribe })}`;
  const one = async () => {
    while (all.length + under < clients) {
      under += 1;
      const raw = await Raw.open({ port: broker.port, commands, until });
      under -= 1;
      all.push(raw);
    }
  };
  let under = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return all;
}

const link = await Link.open(broker.socket);
const first = await link.publish('stream:1', { n: 0 }, true);
const { epoch } = first.result;
const crowd = await openAll({ channel: 'stream:1' }, '"id":2,');
const idle = usage(broker.child.pid);
for (const one of crowd) one.close();
for (let n = 1; n <= missed; n += 1) {
  await link.publish('stream:1', { n, text: 'x'.repeat(100) }, true);
}
const before = usage(broker.child.pid);
const from = process.hrtime.bigint();
const back = await openAll(
  { channel: 'stream:1', recover: true, offset: 1, epoch },
  '"recovered":true',
);
const seconds = Number(process.hrtime.bigint() - from) / 1e9;
const after = usage(broker.child.pid);
const whole = back.every((one) =>
  one.answer.includes(`"offset":${missed + 1}`),
);
console.log(
  `${clients} clients, ${missed} publications missed: all back in ${seconds.toFixed(2)} s, ` +
    `CPU ${(after.cpu - before.cpu).toFixed(2)} s, memory ${Math.round(idle.memory)} MiB before, ` +
    `${Math.round(after.memory)} MiB after`,
);
if (!whole) console.log('FAULT somebody is not given all');
for (const one of back) one.close();
link.close();
await broker.remove();
process.exit(whole ? 0 : 1);
