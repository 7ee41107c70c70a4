/**
 * What pages carry, and what is pushed over HTTP requests.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, php, site } from './support/site.mjs';

test('the client is on pages that ask for it, and on no other', async () => {
  assert.doesNotMatch((await get('/drupalrt-test/plain')).text, /drupalrt/);
  const { text } = await get('/drupalrt/demo');
  assert.match(text, /modules\/custom\/drupalrt\/js\/dist\/drupalrt\.js/);
  const url = JSON.stringify(site.brokerUrl).replaceAll('/', '\\/');
  assert.match(text, /"drupalrt":\{/);
  assert.ok(text.includes(`"url":${url}`), 'the address is there');
});

test('a page with the client stays in the page cache', async () => {
  await get('/drupalrt/demo');
  const { status, headers } = await get('/drupalrt/demo');
  assert.equal(status, 200);
  assert.equal(headers.get('x-drupal-cache'), 'HIT');
  assert.equal(headers.get('set-cookie'), null);
});

test('a new address reaches pages that were cached', async () => {
  const set = (url) => `
    $config = Drupal::configFactory()->getEditable('drupalrt.settings');
    $former = $config->get('url');
    $config->set('url', ${url})->save();
    return $former;
  `;
  await get('/drupalrt/demo');
  const former = await php(set("'/elsewhere'"));
  assert.match((await get('/drupalrt/demo')).text, /"url":"\\\/elsewhere"/);
  await php(set(`'${former}'`));
  assert.doesNotMatch((await get('/drupalrt/demo')).text, /elsewhere/);
});

test('the demo is refused to those who may not see content', async () => {
  await php(
    "user_role_revoke_permissions('anonymous', ['access content']); return 1;",
  );
  assert.equal((await get('/drupalrt/demo')).status, 403);
  await php(
    "user_role_grant_permissions('anonymous', ['access content']); return 1;",
  );
  assert.equal((await get('/drupalrt/demo')).status, 200);
});

test('the list is as the server has it, and escapes what people write', async () => {
  await php(`
    $node = Drupal\\node\\Entity\\Node::create(['type' => 'page', 'title' => '<b>Bold</b> & "quoted"', 'uid' => 2]);
    $node->save();
    return 1;
  `);
  const { text } = await get('/drupalrt/demo');
  assert.match(text, /&lt;b&gt;Bold&lt;\/b&gt; &amp;/);
  assert.match(text, /<small>editor, <time datetime="\d{4}-/);
  assert.doesNotMatch(text, /<b>Bold/);
});
