// What changes in a site's tables reaches those who are connected: where the
// site tells of it, and where nobody does and a sweep finds it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Broker } from './broker.mjs';
import { connected, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';
import { RecordedSite } from './recorded_site.mjs';
import { now, token } from './token.mjs';

const SECRET = 's'.repeat(40);
// Somebody without a role, with two sessions; and somebody with roles.
const PLAIN = 3;
const WITH_ROLE = { 7: { uid: 5, role: '8' }, 10: { uid: 5, role: 'r7' } };

const NAMESPACES = [
  { name: 'open', subscribe: 'everyone', publish: 'everyone' },
  {
    name: 'content',
    subscribe: { permission: 'access content' },
    publish: { permission: 'access content' },
    history_size: 10,
    history_ttl: '60s',
    presence: true,
  },
  { name: 'given', subscribe: { permission: 'given by hand' } },
];

async function world(name, how, more = {}) {
  const site = new RecordedSite(name, {
    secret: SECRET,
    namespaces: NAMESPACES,
    ...more,
  });
  const { role } = WITH_ROLE[site.schema];
  site.document.namespaces = [
    ...NAMESPACES,
    { name: 'crew', subscribe: { role } },
  ];
  const broker = await Broker.start({
    sites: [site.document],
    flags: ['--sweep-interval', how === 'sweep' ? '300ms' : '0s'],
  });
  const link = await Link.open(broker.socket);
  return {
    site,
    broker,
    role,
    held: WITH_ROLE[site.schema].uid,
    // The change, and word of it where somebody gives it.
    async change(ten, seven, notice) {
      site.change(ten, seven);
      if (how === 'sweep') return;
      const answer = await link.call('site', {
        notice,
        key: site.document.key,
        secret: SECRET,
      });
      assert.deepEqual(answer, { result: {} });
    },
    join: (uid, n = 0) =>
      connected(broker, { origin: site.origin, cookie: site.cookie(uid, n) }),
    async end() {
      link.close();
      await broker.remove();
      site.remove();
    },
  };
}

// Closed with the code; whether it comes back is the test's business.
const closing = (made) =>
  Promise.race([
    told(made, 'connecting').then(({ code }) => code),
    told(made, 'disconnected').then(({ code }) => code),
  ]);

for (const name of ['drupal10-sqlite', 'drupal7-sqlite']) {
  for (const how of ['notice', 'sweep']) {
    const changed = (what, act) =>
      test(`${name}, by ${how}: ${what}`, async () => {
        const at = await world(name, how);
        try {
          await act(at);
        } finally {
          await at.end();
        }
      });

    changed('a logout closes the sockets of that session only', async (at) => {
      const [first, tab, second] = [
        await at.join(PLAIN),
        await at.join(PLAIN),
        await at.join(PLAIN, 1),
      ];
      const closed = [closing(first), closing(tab)];
      const back = told(first, 'connected');
      const key = at.site.sessionKey(PLAIN);
      const sql = `DELETE FROM sessions WHERE sid = '${key}'`;
      await at.change(sql, sql, { sessions: [key] });
      assert.deepEqual(await Promise.all(closed), [4001, 4001]);
      await back;
      // As a visitor: who publishes is named, and visitors have no name.
      const own = await subscribed(first, 'open:who');
      const heard = told(own, 'publication');
      await own.publish('x');
      assert.equal((await heard).info?.user ?? '', '');
      assert.equal(second.state, 'connected');
      for (const one of [first, tab, second]) one.disconnect();
    });

    changed('a blocked account loses all its sockets', async (at) => {
      const both = [await at.join(PLAIN), await at.join(PLAIN, 1)];
      const other = await at.join(at.held);
      const closed = both.map(closing);
      await at.change(
        `UPDATE users_field_data SET status = 0 WHERE uid = ${PLAIN}`,
        `UPDATE users SET status = 0 WHERE uid = ${PLAIN}`,
        { users: [PLAIN] },
      );
      assert.deepEqual(await Promise.all(closed), [4001, 4001]);
      assert.equal(other.state, 'connected');
      for (const one of [...both, other]) one.disconnect();
    });

    changed('a deleted account does, though its rows stay', async (at) => {
      const made = await at.join(PLAIN);
      const closed = closing(made);
      await at.change(
        `DELETE FROM users_field_data WHERE uid = ${PLAIN}`,
        `DELETE FROM users WHERE uid = ${PLAIN}`,
        { users: [PLAIN] },
      );
      assert.equal(await closed, 4001);
      made.disconnect();
    });

    changed('a new password ends the sessions that go with it', async (at) => {
      const both = [await at.join(PLAIN), await at.join(PLAIN, 1)];
      const closed = both.map(closing);
      const sql = `DELETE FROM sessions WHERE uid = ${PLAIN}`;
      await at.change(sql, sql, { users: [PLAIN] });
      assert.deepEqual(await Promise.all(closed), [4001, 4001]);
      for (const one of both) one.disconnect();
    });

    changed('a role taken ends what it gave, and nothing else', async (at) => {
      const made = await at.join(at.held);
      const room = await subscribed(made, 'crew:1');
      const open = await subscribed(made, 'open:1');
      const over = told(room, 'unsubscribed');
      await at.change(
        `DELETE FROM user__roles WHERE entity_id = ${at.held}`,
        `DELETE FROM users_roles WHERE uid = ${at.held}`,
        { users: [at.held] },
      );
      const { code, reason } = await over;
      assert.deepEqual([code, reason], [2100, 'permission changed']);
      assert.equal(open.state, 'subscribed');
      const heard = told(open, 'publication');
      await open.publish('still here');
      await heard;
      made.disconnect();
    });

    changed('a role given opens what it gives', async (at) => {
      const made = await at.join(PLAIN);
      await assert.rejects(refused(made, 'crew:1'), { code: 103 });
      await at.change(
        `INSERT INTO user__roles (bundle, deleted, entity_id, revision_id,
          langcode, delta, roles_target_id)
          VALUES ('user', 0, ${PLAIN}, ${PLAIN}, 'en', 0, '${at.role}')`,
        `INSERT INTO users_roles (uid, rid) VALUES (${PLAIN}, ${at.role})`,
        { users: [PLAIN] },
      );
      await eventually(() => refused(made, 'crew:1'));
      made.disconnect();
    });

    changed('a permission revoked ends, and stops commands', async (at) => {
      const made = await at.join(PLAIN);
      const room = await subscribed(made, 'content:1');
      const open = await subscribed(made, 'open:1');
      await room.publish('while it may');
      const over = told(room, 'unsubscribed');
      await at.change(
        `UPDATE config SET data = 'a:1:{s:11:"permissions";a:0:{}}'
          WHERE name = 'user.role.authenticated'`,
        `DELETE FROM role_permission WHERE rid = 2`,
        { roles: true },
      );
      assert.equal((await over).code, 2100);
      assert.equal(open.state, 'subscribed');
      await assert.rejects(made.publish('content:1', 'x'), { code: 103 });
      await assert.rejects(made.history('content:1', { limit: 1 }), {
        code: 103,
      });
      await assert.rejects(made.presence('content:1'), { code: 103 });
      made.disconnect();
    });

    changed('a permission granted opens what it gives', async (at) => {
      const made = await at.join(PLAIN);
      await assert.rejects(refused(made, 'given:1'), { code: 103 });
      await at.change(
        `UPDATE config SET data =
          'a:1:{s:11:"permissions";a:1:{i:0;s:13:"given by hand";}}'
          WHERE name = 'user.role.authenticated'`,
        `INSERT INTO role_permission (rid, permission, module)
          VALUES (2, 'given by hand', 'x')`,
        { roles: true },
      );
      await eventually(() => refused(made, 'given:1'));
      made.disconnect();
    });

    changed('a deleted role ends what it gave', async (at) => {
      const made = await at.join(at.held);
      const room = await subscribed(made, 'crew:1');
      const over = told(room, 'unsubscribed');
      await at.change(
        `DELETE FROM config WHERE name = 'user.role.${at.role}';
         DELETE FROM user__roles WHERE roles_target_id = '${at.role}'`,
        `DELETE FROM role_permission WHERE rid = ${at.role};
         DELETE FROM users_roles WHERE rid = ${at.role}`,
        { roles: true },
      );
      assert.equal((await over).code, 2100);
      made.disconnect();
    });

    changed('a new name closes nothing', async (at) => {
      const made = await at.join(PLAIN);
      const room = await subscribed(made, 'content:1');
      await at.change(
        `UPDATE users_field_data SET name = 'renamed' WHERE uid = ${PLAIN}`,
        `UPDATE users SET name = 'renamed' WHERE uid = ${PLAIN}`,
        { users: [PLAIN] },
      );
      await eventually(async () => {
        const { clients } = await (
          await subscribed(made, `content:${Math.random()}`)
        ).presence();
        const [{ connInfo }] = Object.values(clients);
        assert.equal(connInfo.name, 'renamed');
      });
      assert.equal(room.state, 'subscribed');
      made.disconnect();
    });
  }
}

test('where visitors may not connect, a logout is for good', async () => {
  const at = await world('drupal10-sqlite', 'sweep', { anonymous: false });
  try {
    const made = await at.join(PLAIN);
    const over = told(made, 'disconnected');
    at.site.sql('DELETE FROM sessions');
    assert.equal((await over).code, 4501);
  } finally {
    await at.end();
  }
});

test('whom a token names is swept, too', async () => {
  const at = await world('drupal10-sqlite', 'sweep');
  try {
    const made = await connected(at.broker, {
      origin: at.site.origin,
      token: token({ sub: String(PLAIN), exp: now() + 300 }, { key: SECRET }),
    });
    const closed = closing(made);
    at.site.sql(`UPDATE users_field_data SET status = 0 WHERE uid = ${PLAIN}`);
    assert.equal(await closed, 4001);
    made.disconnect();
  } finally {
    await at.end();
  }
});

test('a database that is away closes nobody, and then all is caught up with', async () => {
  const at = await world('drupal10-sqlite', 'sweep');
  try {
    const made = await at.join(PLAIN);
    at.site.sql('ALTER TABLE sessions RENAME TO elsewhere');
    const failures = async () =>
      (await figures(at.broker)).drupalrt_sweep_failures;
    const before = await failures();
    await eventually(async () => assert.ok((await failures()) > before + 1));
    assert.equal(made.state, 'connected');
    const closed = closing(made);
    at.site.sql(
      'ALTER TABLE elsewhere RENAME TO sessions; DELETE FROM sessions',
    );
    assert.equal(await closed, 4001);
    made.disconnect();
  } finally {
    await at.end();
  }
});

test('a sweep asks once, however many are connected', async () => {
  const at = await world('drupal10-sqlite', 'sweep');
  try {
    const all = [];
    for (const { drupal_says: says } of at.site.cookies) {
      if (says.uid > 1) all.push(await at.join(says.uid));
    }
    const before = await figures(at.broker);
    let later;
    await eventually(async () => {
      later = await figures(at.broker);
      assert.ok(later.drupalrt_sweeps > before.drupalrt_sweeps + 2);
    });
    assert.equal(
      later.drupalrt_sweep_queries - before.drupalrt_sweep_queries,
      later.drupalrt_sweeps - before.drupalrt_sweeps,
    );
    assert.equal(later.drupalrt_sweep_changes, 0);
    for (const one of all) one.disconnect();
  } finally {
    await at.end();
  }
});

// A subscription of its own, rejected where it is refused.
async function refused(made, channel) {
  const subscription = made.newSubscription(channel);
  try {
    await new Promise((done, failed) => {
      subscription.on('subscribed', done);
      subscription.on('unsubscribed', failed);
      subscription.on('error', ({ error }) => failed(error));
      subscription.subscribe();
    });
  } finally {
    subscription.unsubscribe();
    made.removeSubscription(subscription);
  }
}

// Until it holds; a test that never does is ended by the runner.
async function eventually(act) {
  for (let last; ; ) {
    try {
      return await act();
    } catch (error) {
      if (error.message !== last) last = error.message;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

async function figures(broker) {
  const url = `http://127.0.0.1:${broker.internal}/metrics`;
  const values = {};
  for (const line of (await (await fetch(url)).text()).split('\n')) {
    const [name, value] = line.split(/ (?=\S+$)/);
    if (!line.startsWith('#') && name) values[name] = Number(value);
  }
  return values;
}
