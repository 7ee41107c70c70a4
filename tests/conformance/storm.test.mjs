// Everybody comes back at once, also while the site's database is away: a small
// one of `./dev bench storm`, where the times are.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { StormSite } from '../../bench/storm_site.mjs';
import { Broker } from './broker.mjs';
import { client, connected, told } from './client.mjs';
import { Link } from './link.mjs';

const CONNECTIONS = 400;
const SESSIONS = 80;
const THREADS = 4;

async function withStorm(flags, act) {
  const site = await StormSite.make({ driver: 'sqlite', sessions: SESSIONS });
  const broker = await Broker.start({ sites: [site.document], flags });
  try {
    await act({ site, broker });
  } finally {
    await broker.remove();
    await site.remove();
  }
}

async function figures(broker) {
  const url = `http://127.0.0.1:${broker.internal}/metrics`;
  const lines = (await (await fetch(url)).text()).split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/ (?=\S+$)/)));
}

async function info(broker) {
  const link = await Link.open(broker.socket);
  const { result } = await link.call('info');
  link.close();
  return result;
}

test('a storm costs one look-up for each session at most', () =>
  withStorm(
    ['--identity-threads', String(THREADS)],
    async ({ site, broker }) => {
      const all = await Promise.all(
        Array.from({ length: CONNECTIONS }, (_, n) =>
          connected(broker, {
            origin: site.origin,
            cookie: site.cookie(n % SESSIONS),
          }),
        ),
      );
      const {
        lookups,
        cache_hits: hits,
        coalesced,
        queries,
        role_loads: maps,
      } = (await info(broker)).identity;
      assert.equal(lookups, CONNECTIONS);
      assert.ok(lookups - hits - coalesced <= SESSIONS);
      assert.equal(queries, 3 * SESSIONS);
      assert.ok(maps <= THREADS, 'one a thread that asks');
      for (const one of all) one.disconnect();
    },
  ));

test('a database that is away: the live ones stay, the new ones come back', () =>
  withStorm(['--identity-cache-ttl', '0s'], async ({ site, broker }) => {
    const join = (n) =>
      connected(broker, { origin: site.origin, cookie: site.cookie(n) });
    const live = await Promise.all([0, 1, 2, 3].map(join));
    await site.store.away();
    const late = Array.from({ length: 20 }, (_, n) =>
      client(broker, { origin: site.origin, cookie: site.cookie(n) }),
    );
    const back = late.map((one) => told(one, 'connected'));
    for (const one of late) one.connect();
    // Told to come back, each of them, and coming back.
    const told3004 = 'drupalrt_client_num_server_disconnects{code="3004"}';
    while (((await figures(broker))[told3004] ?? 0) < late.length);
    assert.ok(late.every(({ state }) => state === 'connecting'));
    assert.ok(live.every(({ state }) => state === 'connected'));
    await site.store.back();
    await Promise.all(back);
    assert.ok(live.every(({ state }) => state === 'connected'));
    for (const one of [...live, ...late]) one.disconnect();
  }));
