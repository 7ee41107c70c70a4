/**
 * The broker's answer equals Drupal's own: for every cookie who it is, for
 * every user and permission whether it is granted.
 */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signIn } from './support/live.mjs';
import { php, site, store } from './support/site.mjs';
import { whois } from './support/whois.mjs';

const POPULATE = fileURLToPath(new URL('php/populate.php', import.meta.url));

/** People who sign in by the form; the others' sessions are written. */
const SIGNED_IN = 40;
const AT_ONCE = 4;

/** Every account as Drupal has it, with what it says of all permissions. */
const accounts = () =>
  php(`
    $permissions = array_keys(Drupal::service('user.permissions')->getPermissions());
    $answers = [];
    foreach (Drupal\\user\\Entity\\User::loadMultiple() as $account) {
      $who = $account->isActive() ? $account : Drupal\\user\\Entity\\User::getAnonymousUser();
      $answers[] = [
        'name' => $account->getAccountName(),
        'id' => (int) $account->id(),
        'active' => $account->isActive(),
        'uid' => (int) $who->id(),
        'roles' => $who->getRoles(),
        'permissions' => array_values(array_filter($permissions, $who->hasPermission(...))),
      ];
    }
    return ['permissions' => $permissions, 'accounts' => $answers];
  `);

/** Whether populate.php made an account, and it is not blocked. */
const canSignIn = ({ active, name }) => active && / \d+$/.test(name);

/** Drupal's answer to a cookie. */
async function whoami(cookie) {
  const response = await fetch(`${site.url}/drupalrt-test/whoami`, {
    headers: cookie ? { Cookie: cookie } : {},
  });
  assert.equal(response.status, 200);
  return response.json();
}

/** Does something for all of a list, a few at a time. */
async function forAll(list, act) {
  const results = [];
  for (let at = 0; at < list.length; at += AT_ONCE) {
    results.push(...(await Promise.all(list.slice(at, at + AT_ONCE).map(act))));
  }
  return results;
}

/** Compares the two; returns how many single answers were compared. */
function compare(permissions, drupal, broker, label) {
  assert.equal(broker.uid, drupal.uid, `${label}: ${broker.reason}`);
  assert.deepEqual(broker.roles.toSorted(), drupal.roles.toSorted(), label);
  const granted = new Set(broker.permissions);
  const differing = permissions.filter(
    (name) =>
      (broker.admin || granted.has(name)) !== drupal.permissions.includes(name),
  );
  assert.deepEqual(differing, [], label);
  return permissions.length;
}

/** Stores a session of a user as Drupal would; returns the cookie. */
async function writtenSessions(uids) {
  const [name] = (await signIn('member')).split('=');
  const ids = await php(`
    $ids = [];
    foreach (json_decode('${JSON.stringify(uids)}', TRUE) as $uid) {
      $ids[] = $id = Drupal\\Component\\Utility\\Crypt::randomBytesBase64();
      Drupal::database()->insert('sessions')->fields([
        'sid' => Drupal\\Component\\Utility\\Crypt::hashBase64($id),
        'uid' => $uid, 'hostname' => '', 'timestamp' => time(),
        'session' => '_sf2_attributes|' . serialize(['uid' => (string) $uid]) . '_sf2_meta|' . serialize(['u' => time(), 'c' => time(), 'l' => 2000000]),
      ])->execute();
    }
    return $ids;
  `);
  return ids.map((id) => `${name}=${id}`);
}

test('for every cookie it is who Drupal says', async (t) => {
  await site.drupal.run(POPULATE, [site.root, site.url]);
  const { permissions, accounts: all } = await accounts();
  const people = all.filter(canSignIn).slice(0, SIGNED_IN);
  assert.equal(people.length, SIGNED_IN);
  const cookies = await forAll(people, ({ name }) => signIn(name));
  cookies.push('', cookies[0].replace(/=.*/, '=nobody'));
  const theirs = await forAll(cookies, whoami);
  const ours = await whois(cookies);
  let answers = 0;
  cookies.forEach((_, index) => {
    const who = people[index]?.name ?? 'a visitor';
    answers += compare(permissions, theirs[index], ours[index], who);
  });
  assert.deepEqual(
    theirs.slice(0, SIGNED_IN).map(({ uid }) => uid),
    people.map(({ id }) => id),
  );
  t.diagnostic(`${cookies.length} cookies, ${answers} answers`);
});

test('for every user and permission it is what Drupal says', async (t) => {
  const { permissions, accounts: all } = await accounts();
  // Who is blocked cannot sign in, but may have been signed in before.
  const inDatabase = store.sessions === 'database';
  const people = inDatabase ? all : all.filter(canSignIn);
  const cookies = inDatabase
    ? await writtenSessions(people.map(({ id }) => id))
    : await forAll(people, ({ name }) => signIn(name));
  const broker = await whois(cookies);
  let answers = 0;
  people.forEach((drupal, index) => {
    answers += compare(permissions, drupal, broker[index], drupal.name);
  });
  assert.ok(people.length > 150);
  t.diagnostic(`${people.length} users, ${answers} answers`);
});

async function oddSessions() {
  const { permissions, accounts: all } = await accounts();
  const [one, other] = all.filter(canSignIn);
  const blocked = all.find(({ active, id }) => !active && id > 0);
  const cookies = await writtenSessions([
    one.id,
    blocked.id,
    4000000000,
    0,
    other.id,
  ]);
  // Whose it is says the blob and not the column; and an id may be a number.
  await php(`
    $sid = Drupal\\Component\\Utility\\Crypt::hashBase64('${cookies[4].split('=')[1]}');
    Drupal::database()->update('sessions')->condition('sid', $sid)->fields([
      'uid' => 1,
      'session' => '_sf2_flashes|a:0:{}x|' . serialize((object) ['a' => NAN]) . '_sf2_attributes|' . serialize(['uid' => ${other.id}, 'deep' => [[["\\0"]]]]),
    ])->execute();
    return 1;
  `);
  const theirs = await forAll(cookies, whoami);
  const ours = await whois(cookies);
  cookies.forEach((_, index) =>
    compare(permissions, theirs[index], ours[index], `session ${index}`),
  );
  assert.deepEqual(
    ours.map(({ uid }) => uid),
    [one.id, 0, 0, 0, other.id],
  );
}

if (store.sessions === 'database') {
  test('sessions that are odd are whose Drupal says', oddSessions);
}

test('what settings.php overrides is what counts', async () => {
  const settings = join(site.root, 'sites/default/settings.php');
  const before = readFileSync(settings);
  appendFileSync(
    settings,
    `
$config['user.role.editor']['permissions'][] = 'access site reports';
$config['user.role.parity1']['is_admin'] = TRUE;
$config['user.role.authenticated']['permissions'][7] = 'administer nodes';
`,
  );
  try {
    await php('drupal_flush_all_caches(); return 1;');
    const cookies = await forAll(['editor', 'member'], (name) => signIn(name));
    const { permissions } = await accounts();
    const theirs = await forAll(cookies, whoami);
    assert.ok(theirs[1].permissions.includes('administer nodes'));
    const ours = await whois(cookies);
    cookies.forEach((_, index) =>
      compare(permissions, theirs[index], ours[index], `cookie ${index}`),
    );
  } finally {
    writeFileSync(settings, before);
    await php('drupal_flush_all_caches(); return 1;');
  }
});
