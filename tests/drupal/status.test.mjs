/**
 * The row of the status report: what is wrong, and what to do.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { signIn } from './support/live.mjs';
import { closeBrowser, person } from './support/people.mjs';
import { get, php, site, store } from './support/site.mjs';
import { whois } from './support/whois.mjs';

/** The findings, as 'WHAT | REMEDY', after some code has been run. */
const findings = (code = '', options = {}) =>
  php(
    `
    ${code}
    return array_map(
      fn ($finding) => "$finding->what | $finding->remedy",
      Drupal::service(Drupal\\drupalrt\\Status\\StatusReport::class)->findings(),
    );
  `,
    options,
  );

/** Plays a line to the broker that is in some state. */
const line = (state, details = '[]') => `
  Drupal::getContainer()->set('drupalrt.link', new Drupal\\drupalrt\\Link\\RecordingLink(
    fn () => ['sites' => [['key' => Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class)->key(), 'native_login' => FALSE, 'reason' => 'sessions are elsewhere']]],
    new Drupal\\drupalrt\\Link\\LinkStatus('${state}', ${details}),
  ));
`;

after(closeBrowser);

test('where all is well it says so, with the version', async () => {
  const admin = await person('admin');
  await admin.go('/admin/reports/status');
  const text = await admin.locator('body').innerText();
  assert.match(text, /Real-time push/i);
  assert.match(text, /Connected to drupalrtd \d+\.\d+\S* as drupal-/);
  assert.match(text, /\d+ events were handed over and \d+ were lost/);
  assert.match(text, /Real-time push: Who is who/i);
  assert.match(text, /Real-time push: Permissions/i);
  assert.deepEqual(await findings(), []);
  await admin.leave();
});

test('administrators see what the broker is doing, and nobody else', async () => {
  const admin = await person('admin');
  await admin.go('/admin/reports/drupalrt');
  const text = await admin.locator('body').innerText();
  assert.match(text, /Version\s+\d+\.\d+/);
  assert.match(text, /Sites\s+1/);
  assert.match(text, /Users who are logged in\s+\d/);
  assert.match(text, /Publications per second\s+\d+\.\d\d/);
  assert.match(text, /Sweeps\s+\d/);
  await admin.leave();
  assert.equal((await get('/admin/reports/drupalrt')).status, 403);
});

test('it misses the extension', async () => {
  const [first] = await findings('', { extension: false });
  assert.match(first, /^The PHP extension is missing \| .*extension=drupalrt/);
});

test('it misses the broker, and names the socket', async () => {
  await site.broker.stop();
  const [first] = await findings();
  await site.broker.start();
  assert.match(first, /^There is no broker \| /);
  assert.ok(first.includes(site.socket));
});

test('it tells not permitted, not answering and incompatible apart', async () => {
  const [denied] = await findings(line('not permitted'));
  assert.match(denied, /^The broker does not admit this PHP \| .*socket_group/);
  const [silent] = await findings(line('not answering'));
  assert.match(silent, /^The broker does not answer \| /);
  const [other] = await findings(
    line('incompatible', "['version' => '1.0', 'broker_version' => '2.0']"),
  );
  assert.match(other, /extension is 1\.0, the broker 2\.0\. Restart/);
});

/** The rows about login, as 'VALUE | LINE | LINE', and their severity. */
const rows = (code = '') =>
  php(`
    ${code}
    $severity = fn ($of) => is_int($of) ? $of : $of->value;
    return array_map(
      fn (array $row): array => [
        implode(' | ', [(string) $row['value'], ...array_map('strval', $row['description']['#items'] ?? [])]),
        $severity($row['severity']),
      ],
      Drupal::service(Drupal\\drupalrt\\Status\\LoginReport::class)->rows(),
    );
  `);

/** What the broker says of the site, in place of what it would. */
const said = (values) => `
  Drupal::getContainer()->set('drupalrt.link', new Drupal\\drupalrt\\Link\\RecordingLink(
    fn () => ['sites' => [${values} + ['key' => Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class)->key(), 'native_login' => TRUE]]],
  ));
`;

test('it says that login is read natively, from where, and how soon', async () => {
  const { drupalrt_login: login, drupalrt_permissions: permissions } =
    await rows();
  const [text, severity] = login;
  assert.equal(severity, 0);
  assert.match(text, /^The broker reads Drupal's login itself \| /);
  const driver = store.database;
  assert.match(text, new RegExp(`Database: ${driver}, which the broker reads`));
  assert.match(
    text,
    store.sessions === 'database'
      ? /Sessions: Drupal\\Core\\Session\\SessionHandler, serialised by php/
      : new RegExp(`Sessions: ${store.sessions}, serialised by php`),
  );
  assert.match(text, /SQL.* within the sweep_interval/);
  assert.deepEqual(permissions, ['Exactly what the roles grant', 0]);
});

test('it says why the broker cannot read the sessions, and what to do', async () => {
  const { drupalrt_login: other } = await rows(
    said("['native_login' => FALSE, 'reason' => 'sessions are elsewhere.']"),
  );
  assert.equal(other[1], 1);
  assert.match(other[0], /^By tokens/);
  assert.match(other[0], /because sessions are elsewhere\./);
  assert.match(other[0], /keep sessions in Drupal's database/);
});

test('it passes on why the broker cannot read the database', async () => {
  const { drupalrt_login: login } = await rows(
    said("['trouble' => 'access denied']"),
  );
  assert.equal(login[1], 2);
  assert.match(login[0], /^The broker cannot read the site's data/);
  assert.match(login[0], /The broker says: access denied/);
});

test('it names the overrides of settings.php', async () => {
  const { drupalrt_permissions: permissions } = await rows(
    "$GLOBALS['config']['user.role.editor']['permissions'][0] = 'administer nodes'; Drupal::configFactory()->reset();",
  );
  assert.match(
    permissions[0],
    /with overrides \| .*: user\.role\.editor\. \| .* when the caches are rebuilt/,
  );
  assert.equal(permissions[1], -1);
});

test('what an access policy decides by role counts, and is named', async () => {
  const may = () =>
    php(
      "return Drupal::service(Drupal\\drupalrt\\Introduction\\Introducer::class)->document()->toArray()['roles'];",
    ).then((roles) =>
      ['anonymous', 'editor'].filter((id) =>
        roles[id].permissions.includes('access user profiles'),
      ),
    );
  await php(`
    user_role_grant_permissions('anonymous', ['access user profiles']);
    Drupal::service('module_installer')->install(['drupalrt_policy']);
    return 1;
  `);
  assert.deepEqual(await may(), []);
  await php("Drupal::state()->set('drupalrt_policy.open', TRUE); return 1;");
  assert.deepEqual(await may(), ['editor']);
  const editor = await signIn('editor');
  await php('drupal_flush_all_caches(); return 1;');
  const [who] = await whois([editor]);
  assert.ok(who.permissions.includes('access user profiles'));
  const response = await get('/drupalrt-test/whoami', {
    headers: { Cookie: editor },
  });
  const drupal = JSON.parse(response.text);
  assert.ok(drupal.permissions.includes('access user profiles'));

  const { drupalrt_permissions: permissions } = await rows();
  assert.match(permissions[0], /as PHP judged/);
  assert.match(permissions[0], /policies as well: drupalrt_policy\.house\./);
  assert.match(permissions[0], /go by more than roles \(ip\)/);
  assert.equal(permissions[1], 1);
  await php(`
    Drupal::service('module_installer')->uninstall(['drupalrt_policy']);
    Drupal::state()->delete('drupalrt_policy.open');
    user_role_revoke_permissions('anonymous', ['access user profiles']);
    return 1;
  `);
});

test('a site the broker does not know is told how to introduce itself', async () => {
  const found = await findings(`
    $identity = Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class);
    drupalrt_call('site', ['remove' => $identity->key(), 'secret' => $identity->secret()]);
  `);
  await php(
    'return Drupal::service(Drupal\\drupalrt\\Introduction\\Introducer::class)->introduce()->problem;',
  );
  assert.match(found[0], /^The broker does not know this site \| .*settings/);
});

test('a document that is no longer true is stale', async () => {
  const found = await findings(
    "$GLOBALS['config']['user.role.editor']['permissions'][0] = 'administer nodes'; Drupal::configFactory()->reset();",
  );
  assert.match(found[0], /^The broker knows an older state of this site \| /);
});

test('an https page is told that it cannot reach a plain broker', async () => {
  const https = { url: `https://127.0.0.1:${site.port}` };
  const address = (url) =>
    `$GLOBALS['config']['drupalrt.settings']['url'] = '${url}'; Drupal::configFactory()->reset();
     Drupal::service(Drupal\\drupalrt\\Introduction\\Introducer::class)->introduce();`;
  const cannot = /^This https page cannot reach the broker \| .*\/drupalrt/;
  assert.match((await findings(address('http://rt.test'), https))[0], cannot);
  assert.match((await findings(address(''), https))[0], cannot);
  assert.deepEqual(await findings(address('https://rt.test'), https), []);
  assert.deepEqual(await findings(address('/drupalrt'), https), []);
  assert.match(
    (await findings(address(''), { url: 'http://site.test' }))[0],
    /^Browsers elsewhere cannot reach the broker \| /,
  );
  await php(
    'return Drupal::service(Drupal\\drupalrt\\Introduction\\Introducer::class)->introduce()->problem;',
  );
});
