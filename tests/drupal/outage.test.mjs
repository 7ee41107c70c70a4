/**
 * A broker that goes away and comes back.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  closeBrowser,
  inList,
  openContent,
  person,
} from './support/people.mjs';
import { php, site } from './support/site.mjs';

after(closeBrowser);

const save = (title) =>
  php(`
    Drupal\\node\\Entity\\Node::create(['type' => 'page', 'title' => '${title}'])->save();
    return 1;
  `);

test('the page comes back by itself, refetches once, and goes on', async () => {
  const member = await person('member');
  await openContent(member);
  const refetches = [];
  const mistakes = [];
  member.on('request', (request) => {
    if (request.url().endsWith('/drupalrt/demo')) {
      refetches.push(request.url());
    }
  });
  member.on('pageerror', (error) => mistakes.push(String(error)));

  await site.broker.stop();
  await member.locator('[data-live=yes]').waitFor({ state: 'detached' });
  await save('While it was away');
  assert.equal(await inList(member, 'While it was away').count(), 0);

  await site.broker.start();
  await inList(member, 'While it was away').waitFor({ timeout: 30000 });
  await save('After it came back');
  await inList(member, 'After it came back').waitFor();
  assert.equal(refetches.length, 1);
  assert.deepEqual(mistakes, []);
  await member.leave();
});

test('without a broker pages work in silence, and saving does', async () => {
  await site.broker.stop();
  const member = await person('member');
  const mistakes = [];
  member.on('pageerror', (error) => mistakes.push(String(error)));
  await save('Saved without a broker');
  await member.go('/drupalrt/demo');
  await inList(member, 'Saved without a broker').waitFor();
  assert.deepEqual(mistakes, []);
  await site.broker.start();
  // The page that found no broker makes up for it once there is one.
  await member.locator('[data-live=yes]').waitFor({
    state: 'attached',
    timeout: 30000,
  });
  await member.leave();
});
