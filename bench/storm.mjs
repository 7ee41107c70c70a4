// Everybody comes back at once to a broker that knows nobody any more: how many
// questions that is for the site's database, and how long until all are back.
// Then the same while the database is away. And what a sweep of all of them
// costs.
//
// usage: node bench/storm.mjs [CONNECTIONS [SESSIONS [mysql|sqlite]]]
import { setTimeout as pause } from 'node:timers/promises';

import { Broker } from '../tests/conformance/broker.mjs';
import { Raw, usage } from './raw.mjs';
import { StormSite } from './storm_site.mjs';

const connections = Number(process.argv[2] ?? 10_000);
const sessions = Number(process.argv[3] ?? 2_000);
const driver = process.argv[4] ?? 'mysql';
const AT_ONCE = 512;
const POOL = 4; // connections to the site's database
const RETRY_MS = [50, 500]; // as browsers do, at any time between

const faults = [];
const must = (fine, what) => {
  if (!fine) faults.push(what);
};
const seconds = (from) => ((performance.now() - from) / 1000).toFixed(2);

const site = await StormSite.make({ driver, sessions });
const broker = await Broker.start({
  sites: [site.document],
  // Clients as plain as these answer no pings.
  flags: [
    ...['--sweep-interval', '0s', '--identity-cache-ttl', '10s'],
    ...['--client-ping-interval', '0s'],
    ...['--identity-connections', String(POOL)],
  ],
});

async function identity() {
  const url = `http://127.0.0.1:${broker.internal}/metrics`;
  const values = {};
  for (const line of (await (await fetch(url)).text()).split('\n')) {
    const [name, value] = line.split(/ (?=\S+$)/);
    if (!line.startsWith('#') && name) {
      values[name.replace('drupalrt_', '')] = Number(value);
    }
  }
  return values;
}

const codes = new Map(); // of those who were told to come back
const commands =
  '{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"members:all"}}';

// One browser, until it is in.
async function comeIn(n) {
  for (;;) {
    try {
      const raw = await Raw.open({
        port: broker.port,
        headers: site.headers(n % sessions),
        commands,
        until: '"id":2,"subscribe"',
      });
      raw.user = n % sessions;
      return raw;
    } catch ({ code, message }) {
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (![3004, 503].includes(code)) must(false, `closed with ${message}`);
      await pause(RETRY_MS[0] + Math.random() * (RETRY_MS[1] - RETRY_MS[0]));
    }
  }
}

async function storm(count, first = 0) {
  const all = [];
  let next = first;
  const one = async () => {
    while (next < first + count) {
      const n = next;
      next += 1;
      all.push(await comeIn(n));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return all;
}

console.log(
  `${connections} connections of ${sessions} sessions, ${driver}, ${POOL} connections to it`,
);

// --- All at once ------------------------------------------------------------
let from = performance.now();
const all = await storm(connections);
const counted = await identity();
const asked =
  counted.identity_lookups -
  counted.identity_cache_hits -
  counted.identity_coalesced;
console.log(
  `all back in ${seconds(from)} s: ${asked} look-ups, ${counted.identity_queries} queries; ` +
    `${counted.identity_coalesced} joined one on its way, ${counted.identity_cache_hits} were answered from memory`,
);
must(asked <= sessions, `${asked} look-ups for ${sessions} sessions`);
// Three each, and the permissions by every thread that began without them.
must(counted.identity_queries <= 3 * sessions + POOL, 'more than three each');
const most = site.store.mostConnections();
if (most !== undefined) {
  console.log(`connections to the database: ${most} at most`);
  must(most <= POOL, `${most} connections to the database`);
}

// --- The database away ------------------------------------------------------
const closed = { live: 0 };
for (const one of all) one.socket.on('close', () => (closed.live += 1));
await pause(10_500); // until nothing is remembered
await site.store.away();
codes.clear();
const late = storm(Math.min(1000, connections), 0);
await pause(3000);
const told = [...codes].map(([code, n]) => `${n} × ${code}`).join(', ');
console.log(`database away for 3 s: new ones were told ${told}`);
must(codes.size > 0, 'nobody was told to come back');
must(closed.live === 0, `${closed.live} live connections were closed`);
await site.store.back();
from = performance.now();
const back = await late;
console.log(
  `database back: ${back.length} were in ${seconds(from)} s later; ${closed.live} of ${all.length} live ones were closed`,
);

// --- Sweeps -----------------------------------------------------------------
const before = usage(broker.child.pid);
await broker.stop('SIGKILL');
broker.args = broker.args.map((arg, i) =>
  broker.args[i - 1] === '--sweep-interval' ? '1s' : arg,
);
for (const one of [...all, ...back]) one.close();
await broker.launch();
const swept = await storm(connections);
const start = { ...(await identity()), ...usage(broker.child.pid) };
await pause(10_000);
const end = { ...(await identity()), ...usage(broker.child.pid) };
const sweeps = end.sweeps - start.sweeps;
const cpu = ((end.cpu - start.cpu) * 1000) / sweeps;
console.log(
  `a sweep of ${connections} connections: ${end.sweep_last_milliseconds} ms, ` +
    `${((end.sweep_queries - start.sweep_queries) / sweeps).toFixed(1)} queries, ` +
    `${cpu.toFixed(1)} ms of the broker's CPU with all else it did meanwhile ` +
    `(memory ${Math.round(before.memory)} MiB)`,
);
must(end.sweep_changes === 0, 'a sweep found changes where there are none');

// A change by SQL: how soon everybody concerned is told.
const seen = [];
const concerned = swept.filter(({ user }) => user < 100);
site.store.run('DELETE FROM sessions WHERE uid < 102');
from = performance.now();
for (const one of concerned) {
  one.socket.on('close', () => seen.push(performance.now() - from));
}
while (seen.length < concerned.length) await pause(10);
const at = (part) =>
  (seen[Math.floor((seen.length - 1) * part)] / 1000).toFixed(2);
console.log(
  `100 sessions deleted by SQL, sweep_interval 1 s: of their ${seen.length} connections the first was told after ${at(0)} s, half after ${at(0.5)} s, the last after ${at(1)} s`,
);

for (const one of swept) one.close();
await broker.remove();
await site.remove();
for (const fault of faults) console.log(`FAULT ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
