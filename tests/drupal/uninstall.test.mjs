/**
 * The module's end.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, php } from './support/site.mjs';

test('uninstalled, the module leaves nothing here and nothing there', async () => {
  const [before, after, left] = await php(`
    $identity = Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class);
    $key = $identity->key();
    $known = fn (): bool => in_array($key, array_column(drupalrt_call('site')['sites'], 'key'), TRUE);
    $before = $known();
    Drupal::service('module_installer')->uninstall(['drupalrt_demo', 'drupalrt_test', 'drupalrt']);
    $left = Drupal::database()->query("SELECT name FROM {key_value} WHERE collection = 'state' AND name LIKE 'drupalrt%'")->fetchCol();
    $left = [...$left, ...Drupal::configFactory()->listAll('drupalrt')];
    return [$before, $known(), $left];
  `);
  assert.equal(before, true);
  assert.equal(after, false);
  assert.deepEqual(left, []);
  assert.equal((await get('/user/login')).status, 200);
});

test('it can be installed again, with a new secret', async () => {
  await php(
    "Drupal::service('module_installer')->install(['drupalrt']); return 1;",
  );
  assert.match(
    await php(
      'return Drupal::service(Drupal\\drupalrt\\Introduction\\SiteIdentity::class)->secret();',
    ),
    /^[\w-]{43}$/,
  );
});
