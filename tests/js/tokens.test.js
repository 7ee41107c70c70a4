import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { UnauthorizedError } from 'centrifuge';
import { Tokens } from '../../drupal_module/drupalrt/js/src/tokens.js';
import { FakeSite } from './fake_site.js';

let site;
let tokens;

beforeEach(() => {
  site = new FakeSite();
  tokens = new Tokens(site.routes, site.fetch);
});

test('a token is asked for as a form of the site would be sent', async () => {
  assert.equal(await tokens.subscription('draft:7'), 'draft:7 of 5');
  assert.deepEqual(site.questions, [
    {
      address: '/token/subscription',
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-CSRF-Token': 'csrf-1',
      },
      body: '{"channel":"draft:7"}',
      credentials: 'same-origin',
    },
  ]);
});

test('several channels ask for one CSRF token together', async () => {
  await Promise.all(['draft:7', 'draft:8'].map((n) => tokens.subscription(n)));
  await tokens.subscription('draft:9');
  assert.equal(site.csrfAsked, 1);
});

test('a session that has changed costs one question more', async () => {
  await tokens.subscription('draft:7');
  site.csrf = 'csrf-2';
  site.user = '6';
  assert.equal(await tokens.subscription('draft:7'), 'draft:7 of 6');
  assert.equal(site.questions.length, 3);
});

test('a refusal is one for good', async () => {
  await tokens.subscription('draft:7');
  site.refused = true;
  await assert.rejects(tokens.subscription('draft:7'), UnauthorizedError);
  assert.equal(site.questions.length, 3);
});

test('a site that cannot answer now is asked again later', async () => {
  site.away = true;
  await assert.rejects(tokens.subscription('draft:7'), (error) => {
    assert.ok(!(error instanceof UnauthorizedError));
    assert.equal(error.message, 'no token: HTTP 503');
    return true;
  });
});

test('a CSRF token that could not be had is asked for again', async () => {
  const { fetch } = site;
  let broken = true;
  tokens = new Tokens(site.routes, async (address, options) =>
    broken ? { ok: false, status: 500 } : fetch(address, options),
  );
  await assert.rejects(tokens.subscription('draft:7'), /HTTP 500/);
  broken = false;
  assert.equal(await tokens.subscription('draft:7'), 'draft:7 of 5');
});

test('a page without routes has no tokens, and is not asked again', async () => {
  tokens = new Tokens({}, site.fetch);
  assert.equal(tokens.areForConnections, false);
  await assert.rejects(tokens.subscription('draft:7'), UnauthorizedError);
  assert.deepEqual(site.questions, []);
});
