/**
 * The row of the status report: what is wrong, and what to do.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, person } from './support/people.mjs';
import { php, site } from './support/site.mjs';

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
  assert.deepEqual(await findings(), []);
  await admin.leave();
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

test('it says why the broker cannot read the sessions', async () => {
  const [first] = await findings(line('connected'));
  assert.match(first, /^The broker cannot read .*sessions are elsewhere\.$/);
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
