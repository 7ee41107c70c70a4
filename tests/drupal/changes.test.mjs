/**
 * What changes about people reaches their open connections within a second,
 * whether it is changed on the site's pages or on its command line.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  admitted,
  effect,
  everybodyLeaves,
  Live,
  signIn,
} from './support/live.mjs';
import { closeBrowser, person } from './support/people.mjs';
import { php, store } from './support/site.mjs';

/** The end of a session where visitors may connect. */
const ENDED = 'closed 4001';

/** In what they may hear alike. */
const MEMBERS = 'members:lobby';
const STAFF = 'staff:room';
const PROFILES = 'profiles:list';

/** The broker's sweep_interval, and time for the sweep itself. */
const SWEEP_MS = 12000;

const IN_DATABASE = store.sessions === 'database';

let administrator = null;
let number = 0;

after(everybodyLeaves);
after(closeBrowser);

/** One administrator's page for all of the changes. */
const admin = () => (administrator ??= person('admin'));

/** A new account with some roles: {name, uid}. */
async function account(...roles) {
  number += 1;
  const name = `changing${number}`;
  const uid = await php(`
    $account = Drupal\\user\\Entity\\User::create(['name' => '${name}', 'pass' => 'drupalrt', 'mail' => '${name}@site.test', 'status' => 1, 'roles' => ${JSON.stringify(roles)}]);
    $account->save();
    return (int) $account->id();
  `);
  return { name, uid };
}

/** A new role that grants some permissions; its id. */
async function role(...permissions) {
  number += 1;
  const id = `role${number}`;
  await php(`
    Drupal\\user\\Entity\\Role::create(['id' => '${id}', 'label' => '${id}', 'permissions' => ${JSON.stringify(permissions)}])->save();
    return 1;
  `);
  return id;
}

/** An account, live on some channels. */
async function present(roles, channels) {
  const who = await account(...roles);
  who.live = await Live.open(await signIn(who.name), channels);
  return who;
}

/** That Drupal leaves somebody's sessions alone, and so do we. */
async function stays(live, change) {
  const from = live.events.length;
  await change();
  assert.ok(await live.subscribe(MEMBERS));
  assert.deepEqual(
    live.events.slice(from).map((event) => event.what),
    [`in ${MEMBERS}`],
  );
}

/** A change on the command line, with the account as $account. */
const cli = (code, uid) => async () =>
  1000 *
  (await php(`
    $account = Drupal\\user\\Entity\\User::load(${uid ?? 0});
    ${code}
    return microtime(TRUE);
  `));

/** A change by a form: made when the answer is there. */
const form =
  (path, fill, whose = admin()) =>
  async () => {
    const page = await whose;
    await page.go(path);
    await fill(page);
    const answer = page.waitForResponse(
      (response) => response.request().method() === 'POST',
    );
    await page.click('#edit-submit');
    await answer;
    return Date.now();
  };

const checkbox = (name) => `input[type=checkbox][name="${name}"]`;

test('who logs out is out, and nobody else is', async (t) => {
  const { name } = await account();
  const browser = await person(name);
  const [{ name: key, value }] = await browser.context().cookies();
  const leaving = await Live.open(`${key}=${value}`, [MEMBERS]);
  const staying = await Live.open(await signIn(name), [MEMBERS]);
  const from = staying.events.length;

  await effect(
    t,
    leaving,
    ENDED,
    form('/user/logout/confirm', () => {}, browser),
  );

  await leaving.hears(`out ${MEMBERS} 103`);
  assert.ok(staying.isQuiet(from));
  assert.ok(await staying.subscribe(MEMBERS));
  [leaving, staying].forEach((live) => live.leave());
  await browser.leave();
});

test('blocked on a page', async (t) => {
  const { uid, live } = await present([], [MEMBERS]);
  const block = (page) => page.check('[name=status][value="0"]');
  await effect(t, live, ENDED, form(`/user/${uid}/edit`, block));
  await live.hears(`out ${MEMBERS} 103`);
  live.leave();
});

test('blocked on the command line', async (t) => {
  const { uid, live } = await present([], [MEMBERS]);
  await effect(t, live, ENDED, cli('$account->block()->save();', uid));
  await live.hears(`out ${MEMBERS} 103`);
  live.leave();
});

test('deleted on a page', async (t) => {
  const { uid, live } = await present([], [MEMBERS]);
  await effect(t, live, ENDED, async () => {
    const page = await admin();
    await page.go(`/user/${uid}/cancel`);
    await page.check('[name=user_cancel_method][value=user_cancel_delete]');
    await page.click('#edit-submit');
    // In steps, of which the last one deletes.
    await page.getByText('has been deleted').waitFor();
    return Date.now();
  });
  live.leave();
});

test('deleted on the command line', async (t) => {
  const { uid, live } = await present([], [MEMBERS]);
  await effect(t, live, ENDED, cli('$account->delete();', uid));
  live.leave();
});

test('a password changed by an administrator', async (t) => {
  const { uid, live } = await present([], [MEMBERS]);
  const change = async (page) => {
    await page.fill('[name="pass[pass1]"]', 'another');
    await page.fill('[name="pass[pass2]"]', 'another');
  };
  const changed = form(`/user/${uid}/edit`, change);
  if (IN_DATABASE) {
    await effect(t, live, ENDED, changed);
  } else {
    // Drupal ends the sessions of its own table alone.
    await stays(live, changed);
  }
  live.leave();
});

test('a password that one changes ends the sessions elsewhere', async (t) => {
  const { name, uid, live } = await present([], [MEMBERS]);
  const browser = await person(name);
  const change = async (page) => {
    await page.fill('[name="current_pass"]', 'drupalrt');
    await page.fill('[name="pass[pass1]"]', 'another');
    await page.fill('[name="pass[pass2]"]', 'another');
  };
  const changed = form(`/user/${uid}/edit`, change, browser);
  if (IN_DATABASE) {
    await effect(t, live, ENDED, changed);
    await live.hears(`out ${MEMBERS} 103`);
  } else {
    await stays(live, changed);
  }

  const [{ name: key, value }] = await browser.context().cookies();
  const here = await Live.open(`${key}=${value}`, [MEMBERS]);
  here.leave();
  live.leave();
  await browser.leave();
});

test('one’s own tabs come back with the new cookie', async () => {
  const { name, uid } = await account();
  const browser = await person(name);
  const tab = await browser.context().newPage();
  await tab.goto(`${browser.url_}/drupalrt/demo`);
  await tab.locator('[data-live=yes]').waitFor({ state: 'attached' });
  await tab.evaluate((channel) => {
    globalThis.heard = [];
    globalThis.Drupal.drupalrt
      .channel(channel)
      .on(() => {})
      .on('subscribed', () => globalThis.heard.push('in'))
      .on('unsubscribed', () => globalThis.heard.push('out'));
  }, MEMBERS);
  await tab.waitForFunction(() => globalThis.heard.join() === 'in');
  const change = async (page) => {
    await page.fill('[name="current_pass"]', 'drupalrt');
    await page.fill('[name="pass[pass1]"]', 'another');
    await page.fill('[name="pass[pass2]"]', 'another');
  };
  await form(`/user/${uid}/edit`, change, browser)();
  await tab.waitForFunction(() => globalThis.heard.length > 1);
  assert.deepEqual(await tab.evaluate(() => globalThis.heard), ['in', 'in']);
  await browser.leave();
});

test('a password changed on the command line', async (t) => {
  const { uid, live } = await present([], [MEMBERS]);
  const change = cli("$account->setPassword('another')->save();", uid);
  // Before 11.4 Drupal keeps a user's sessions there, and so do we.
  const ends = "return version_compare(Drupal::VERSION, '11.4', '>=');";
  if (IN_DATABASE && (await php(ends))) {
    await effect(t, live, ENDED, change);
  } else {
    await stays(live, change);
  }
  live.leave();
});

for (const [where, change] of [
  [
    'on a page',
    (uid, id, has) =>
      form(`/user/${uid}/edit`, (page) =>
        page.setChecked(checkbox(`roles[${id}]`), has),
      ),
  ],
  [
    'on the command line',
    (uid, id, has) =>
      cli(`$account->${has ? 'addRole' : 'removeRole'}('${id}')->save();`, uid),
  ],
]) {
  test(`a role given ${where}`, async (t) => {
    const { uid, live } = await present([], [MEMBERS]);
    assert.equal(await live.subscribe(STAFF), false);
    await admitted(t, live, STAFF, change(uid, 'editor', true));
    live.leave();
  });

  test(`a role taken ${where}`, async (t) => {
    const { uid, live } = await present(['editor'], [MEMBERS, STAFF]);
    const taken = change(uid, 'editor', false);
    await effect(t, live, `out ${STAFF} 2100`, taken);
    assert.ok(await live.subscribe(MEMBERS));
    live.leave();
  });
}

for (const [where, change] of [
  [
    'on a page',
    (id, permission, has) =>
      form(`/admin/people/permissions/${id}`, (page) =>
        page.setChecked(checkbox(`${id}[${permission}]`), has),
      ),
  ],
  [
    'on the command line',
    (id, permission, has) =>
      cli(
        `user_role_change_permissions('${id}', ['${permission}' => ${has}]);`,
      ),
  ],
]) {
  test(`a permission granted ${where}`, async (t) => {
    const id = await role();
    const { live } = await present([id], [MEMBERS]);
    assert.equal(await live.subscribe(PROFILES), false);
    const granted = change(id, 'access user profiles', true);
    await admitted(t, live, PROFILES, granted);
    live.leave();
  });

  test(`a permission revoked ${where}`, async (t) => {
    const id = await role('access user profiles');
    const { live } = await present([id], [MEMBERS, PROFILES]);
    const from = live.events.length;
    const revoked = change(id, 'access user profiles', false);
    await effect(t, live, `out ${PROFILES} 2100`, revoked);
    assert.deepEqual(
      live.events.slice(from).map((event) => event.what),
      [`out ${PROFILES} 2100`],
    );
    live.leave();
  });
}

test('a role deleted on a page', async (t) => {
  const id = await role('access user profiles');
  const { live } = await present([id], [MEMBERS, PROFILES]);
  const path = `/admin/people/roles/manage/${id}/delete`;
  const deleted = form(path, () => {});
  await effect(t, live, `out ${PROFILES} 2100`, deleted);
  live.leave();
});

test('a role deleted on the command line', async (t) => {
  const id = await role('access user profiles');
  const { live } = await present([id], [MEMBERS, PROFILES]);
  const deleted = cli(`Drupal\\user\\Entity\\Role::load('${id}')->delete();`);
  await effect(t, live, `out ${PROFILES} 2100`, deleted);
  live.leave();
});

test('what is changed behind Drupal’s back is found by the sweep', async (t) => {
  const [gone, blocked, reduced] = await Promise.all([
    present([], [MEMBERS]),
    present([], [MEMBERS]),
    present(['editor'], [MEMBERS, STAFF]),
  ]);
  const changed =
    1000 *
    (await php(`
    $database = Drupal::database();
    if (${IN_DATABASE}) {
      $database->delete('sessions')->condition('uid', ${gone.uid})->execute();
    }
    else {
      $database->delete('users_field_data')->condition('uid', ${gone.uid})->execute();
    }
    $database->update('users_field_data')->condition('uid', ${blocked.uid})->fields(['status' => 0])->execute();
    $database->delete('user__roles')->condition('entity_id', ${reduced.uid})->execute();
    return microtime(TRUE);
  `));
  for (const [who, what] of [
    [gone, ENDED],
    [blocked, ENDED],
    [reduced, `out ${STAFF} 2100`],
  ]) {
    const { at } = await who.live.hears(what, 0, SWEEP_MS);
    t.diagnostic(`${what}: ${Math.round(at - changed)} ms`);
    who.live.leave();
  }
});
