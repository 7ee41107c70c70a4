// The operators' questions about a site that registered with the broker, by
// its key: access, account, value and node beside the broker that serves it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { Link } from './link.mjs';
import { RecordedSite } from './recorded_site.mjs';

const BINARY = resolve(process.env.DRUPALRTD ?? 'out/bin/drupalrtd');

let broker;
let link;
const sites = [];

before(async () => {
  broker = await Broker.start();
  link = await Link.open(broker.socket);
  for (const [name, key] of [
    ['drupal10-sqlite', 'ten'],
    ['drupal7-sqlite', 'seven'],
  ]) {
    const site = new RecordedSite(name, { key, secret: key.repeat(16) });
    sites.push(site);
    const answer = await link.call('site', { document: site.document });
    assert.ok(answer.result, JSON.stringify(answer));
  }
});
after(async () => {
  link.socket.destroy();
  await broker.remove();
  sites.forEach((site) => site.remove());
});

const ask = (...args) => {
  const flags = ['--state', `${broker.dir}/state`, '--socket', broker.socket];
  const { status, stdout, stderr } = spawnSync(BINARY, [...args, ...flags], {
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
};

// Of whoever is logged in, what Drupal said: the first of each that there is.
const person = (site) =>
  site.cookies.map(({ drupal_says: says }) => says).find(({ uid }) => uid > 1);

test('access is asked of the site that the key names', () => {
  for (const site of sites) {
    const { uid, permissions } = person(site);
    const { key } = site.document;
    const may = ask('access', String(uid), permissions[0], '--key', key);
    assert.equal(may.status, 0, may.said);
    assert.match(may.said, /^allowed: /);
    const not = ask('access', String(uid), 'no such right', '--key', key);
    assert.equal(not.status, 1, not.said);
  }
});

test('account tells the name that the site has for it', () => {
  for (const site of sites) {
    const { uid, name } = person(site);
    const told = ask('account', String(uid), '--key', site.document.key);
    assert.equal(told.status, 0, told.said);
    assert.ok(told.said.includes(`name ${JSON.stringify(name)}`), told.said);
  }
});

test('a key that no site registered is an error that says so', () => {
  const { status, said } = ask('access', '1', 'access content', '--key', 'no');
  assert.equal(status, 2);
  assert.match(said, /no site "no" is registered/);
});

test('no answer holds a secret of the site', () => {
  for (const site of sites) {
    const { uid } = person(site);
    const { key, secret } = site.document;
    const { said } = ask('account', String(uid), '--key', key, '--json');
    assert.ok(!said.includes(secret));
    for (const { cookie } of site.cookies) {
      const id = decodeURIComponent(cookie.split('=')[1] ?? '');
      assert.ok(id === '' || !said.includes(id));
    }
  }
});
