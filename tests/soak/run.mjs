// The soak: a crowd of mixed transports that comes, goes, recovers and
// publishes, and a ledger of what each of them saw. No loss, no duplicate, the
// order kept, or told.
//
// usage: node tests/soak/run.mjs [--seconds N] [--clients N] [--seed N]
import { parseArgs } from 'node:util';

import { Broker } from '../conformance/broker.mjs';
import { Link } from '../conformance/link.mjs';
import { Member } from './crowd.mjs';
import { Ledger } from './ledger.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    clients: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seconds = Number(values.seconds);
const clients = Number(values.clients);

// A generator of its own, so that a run can be had again.
let seed = Number(values.seed);
function random() {
  seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return seed / 4_294_967_296;
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const namespaces = [
  {
    name: 'stream',
    history_size: 200,
    history_ttl: '300s',
    force_recovery: true,
    allowed_delta_types: ['fossil'],
    delta_publish: true,
  },
];
const broker = await Broker.start({
  flags: ['--insecure', '--workers', '2', '--websocket-compression'],
  env: { DRUPALRT_CHANNEL_NAMESPACES: JSON.stringify(namespaces) },
});
const base = `http://127.0.0.1:${broker.port}`;
console.log(`seed ${values.seed}, ${clients} clients, ${seconds} s`);

const channels = Array.from(
  { length: Math.max(4, Math.floor(clients / 20)) },
  (_, i) => `stream:${i}`,
);
const ledger = new Ledger();
const crowd = Array.from(
  { length: clients },
  (_, i) =>
    new Member(
      base,
      i,
      [
        ...new Set(
          [0, 7].map((step) => channels[(i + step) % channels.length]),
        ),
      ],
      ledger,
    ),
);

// Comes in waves, not at once.
for (let i = 0; i < crowd.length; i += 50) {
  for (const member of crowd.slice(i, i + 50)) member.connect();
  await pause(50);
}

let link = await Link.open(broker.socket);
const filler = 'The quick brown fox, ä€😀, jumps over the lazy dog. '.repeat(4);
const counts = new Map(channels.map((channel) => [channel, 0]));
const epochs = new Map();
let published = 0;
async function publish() {
  const channel = channels[Math.floor(random() * channels.length)];
  const n = counts.get(channel) + 1;
  counts.set(channel, n);
  const data = { n, epoch: epochs.get(channel) ?? 0, filler };
  const { result } = await link.publish(channel, data, true);
  published += 1;
  if (result.offset !== n) {
    ledger.fault(channel, `event ${n} got offset ${result.offset}`);
  }
}

const end = Date.now() + seconds * 1000;
let restarts = 0;
let nextRestart = Date.now() + 120_000;
let nextLine = Date.now() + 10_000;
while (Date.now() < end) {
  const burst = 1 + Math.floor(random() * 12);
  for (let i = 0; i < burst; i += 1) await publish();
  const strays = Math.ceil(clients / 400);
  for (let i = 0; i < strays; i += 1) {
    const one = crowd[Math.floor(random() * crowd.length)];
    one.misbehave(random).catch((error) => ledger.fault(one.name, error));
  }
  await pause(20);
  if (Date.now() > nextRestart && Date.now() + 60_000 < end) {
    // Another broker knows nothing of the streams, and has to say so.
    nextRestart = Date.now() + 120_000;
    restarts += 1;
    link.close();
    await broker.stop();
    await broker.launch();
    link = await Link.open(broker.socket);
    for (const channel of channels) {
      counts.set(channel, 0);
      epochs.set(channel, restarts);
    }
  }
  if (Date.now() > nextLine) {
    nextLine = Date.now() + 10_000;
    console.log(
      `${published} events, ${ledger.seen} seen, ${ledger.recovered} recovered, ${ledger.told} told`,
    );
  }
}

// Nothing new comes: everybody catches up.
const behind = () =>
  crowd.flatMap((member) =>
    [...member.states]
      .filter(([channel, state]) => state.offset !== counts.get(channel))
      .map(([channel, state]) => [member, channel, state.offset]),
  );
const patience = Date.now() + 60_000;
while (behind().length > 0 && Date.now() < patience) await pause(100);
for (const [member, channel, offset] of behind()) {
  ledger.fault(
    `${member.name} in ${channel}`,
    `ended at ${offset} of ${counts.get(channel)} (${member.client.state})`,
  );
}
for (const member of crowd) member.client.disconnect();
link.close();
await broker.remove();

console.log(
  `${published} events, ${ledger.seen} seen, ${ledger.recovered} recovered, ${ledger.told} told, ${restarts} restarts`,
);
for (const fault of ledger.faults) console.log(`FAULT ${fault}`);
const enough = ledger.seen > published && ledger.recovered > 0;
if (!enough) console.log('FAULT too little happened to say anything');
console.log(
  ledger.failed || !enough
    ? '0 passed, 1 failed, 0 skipped'
    : '1 passed, 0 failed, 0 skipped',
);
process.exit(ledger.failed || !enough ? 1 : 0);
