/**
 * How the broker gets to know the site.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '../../demo/runner/wait.mjs';
import { closeBrowser, person } from './support/people.mjs';
import { php, site } from './support/site.mjs';

const INTRODUCER = 'Drupal\\drupalrt\\Introduction\\Introducer';

/** What the broker knows of the site: {key, native_login, …} or null. */
export const registration = () =>
  php(`
    $key = Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class)->key();
    $sites = drupalrt_call('site')['sites'];
    return array_values(array_filter($sites, fn ($site) => $site['key'] === $key))[0] ?? NULL;
  `);

after(closeBrowser);

test('a command line that knows no host leaves it to a web request', async () => {
  assert.equal(await registration(), null);
  assert.equal(
    await php(`return Drupal::service(${INTRODUCER}::class)->isPending();`),
    true,
  );
});

test('the first page an administrator looks at introduces the site', async () => {
  // The first attempt was a while ago.
  await php(`
    $last = Drupal::state()->get('drupalrt.introduction');
    Drupal::state()->set('drupalrt.introduction', ['time' => 0] + $last);
    return 1;
  `);
  const admin = await person('admin');
  await until('The introduction', async () => (await registration()) !== null);
  assert.deepEqual((await registration()).hosts, [`127.0.0.1:${site.port}`]);
  assert.equal((await registration()).native_login, true);
  await admin.leave();
});

test('a token is minted by the broker, under the secret of the site', async () => {
  assert.equal(
    await php(`
      $token = Drupal::service('drupalrt.tokens')->subscription(2, 'draft:1');
      [$head, $body, $signature] = explode('.', $token);
      $secret = Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class)->secret();
      $right = rtrim(strtr(base64_encode(hash_hmac('sha256', "$head.$body", $secret, TRUE)), '+/', '-_'), '=');
      return $right === $signature;
    `),
    true,
  );
});

test('channels are asked about in the name of the site', async () => {
  assert.deepEqual(
    await php(`
      $channels = Drupal::service(Drupal\\drupalrt\\Channel\\ChannelsInterface::class);
      return [$channels === Drupal::service('drupalrt.channels'), $channels->channels('nobody:*')];
    `),
    [true, []],
  );
});

test('settings are saved in the form, and the broker is told', async () => {
  const admin = await person('admin');
  await admin.go('/admin/config/services/drupalrt');
  await admin.fill('[name=url]', site.brokerUrl);
  await admin.fill(
    '[name=hosts]',
    `127.0.0.1:${site.port}\nLOCALHOST:${site.port}\n\n`,
  );
  await admin.click('#edit-submit');
  await admin.getByText('The broker knows the site.').waitFor();
  assert.deepEqual(
    await php("return Drupal::config('drupalrt.settings')->get('hosts');"),
    [`127.0.0.1:${site.port}`, `localhost:${site.port}`],
  );
  assert.deepEqual((await registration()).hosts, [
    `127.0.0.1:${site.port}`,
    `localhost:${site.port}`,
  ]);
  await admin.leave();
});

test('the form refuses what is no address and no host', async () => {
  const admin = await person('admin');
  await admin.go('/admin/config/services/drupalrt');
  await admin.fill('[name=url]', 'nowhere');
  await admin.fill('[name=hosts]', 'a b');
  await admin.click('#edit-submit');
  await admin.getByText('This is no address of a broker').waitFor();
  await admin.getByText('This is no host').waitFor();
  await admin.leave();
});

test('only those who may administer it see the form', async () => {
  const editor = await person('editor');
  const answer = await editor.go('/admin/config/services/drupalrt');
  assert.equal(answer.status(), 403);
  await editor.leave();
});

test('a change to a role is told within the request that makes it', async () => {
  const current = `Drupal::service(${INTRODUCER}::class)->isCurrent()`;
  assert.equal(
    await php(`
      $before = ${current};
      user_role_grant_permissions('editor', ['access user profiles']);
      $between = ${current};
      return [$before, $between];
    `).then(String),
    'true,false',
  );
  assert.equal(await php(`return ${current};`), true);
});

test('a rebuild of the caches and cron introduce the site anew', async () => {
  await php(`
    $identity = Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class);
    drupalrt_call('site', ['remove' => $identity->key(), 'secret' => $identity->secret()]);
    Drupal::service('cron')->run();
    return 1;
  `);
  assert.notEqual(await registration(), null);
  await php(`
    $identity = Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class);
    drupalrt_call('site', ['remove' => $identity->key(), 'secret' => $identity->secret()]);
    drupal_flush_all_caches();
    return 1;
  `);
  assert.notEqual(await registration(), null);
});

test('drupalrt:sync says what came of it', async () => {
  const sync = `
    $lines = [];
    $status = Drupal::service(Drupal\\drupalrt\\Command\\Sync::class)
      ->run(function (string $line) use (&$lines): void { $lines[] = $line; });
    return [$status, implode(' ', $lines)];
  `;
  const [status, said] = await php(sync);
  assert.equal(status, 0);
  assert.match(said, /The broker knows the site as "drupal-[0-9a-f]{16}"/);

  const [refused, why] = await php(sync, { extension: false });
  assert.equal(refused, 1);
  assert.match(why, /extension "drupalrt" is not loaded/);
});

test('the site is introduced by the system user who runs it alone', async () => {
  const [status, said] = await php(`
    $facts = Drupal::state()->get('drupalrt.web');
    Drupal::state()->set('drupalrt.web', ['uid' => $facts['uid'] + 1] + $facts);
    $lines = [];
    $status = Drupal::service(Drupal\\drupalrt\\Command\\Sync::class)
      ->run(function (string $line) use (&$lines): void { $lines[] = $line; });
    Drupal::state()->set('drupalrt.web', $facts);
    return [$status, implode(' ', $lines)];
  `);
  assert.equal(status, 1);
  assert.match(said, /by the system user who runs it \(user id \d+\)/);
});

test('a namespace that is none is told with file and key', async () => {
  const problem = await php(`
    Drupal::state()->set('drupalrt_test.namespaces', ['broken' => ['subscirbe' => 'everyone']]);
    $outcome = Drupal::service(${INTRODUCER}::class)->introduce();
    Drupal::state()->delete('drupalrt_test.namespaces');
    Drupal::service(${INTRODUCER}::class)->introduce();
    return $outcome->problem;
  `);
  assert.equal(
    problem,
    'drupalrt_test.drupalrt.yml: namespaces.broken: unknown key "subscirbe"; did you mean "subscribe"?',
  );
});

test('no state of the site shows the secret in a log or an error', async () => {
  const shown = await php(`
    $secret = Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class)->secret();
    $document = Drupal::service(${INTRODUCER}::class)->document();
    ob_start();
    var_dump($document);
    return str_contains(ob_get_clean(), $secret);
  `);
  assert.equal(shown, false);
});
