/** What a connection and its pushes cost PHP and the database. */
import assert from 'node:assert/strict';
import { info, keep } from './support/page.mjs';
import { stack, test } from './support/test.mjs';

const PUSHES = 100;

test('A connect and a hundred pushes: no PHP request, at most three queries', async ({
  arrive,
}) => {
  const before = (await info(stack)).identity.queries;
  const member = await arrive('member');
  await member.live();
  const events = await keep(member, 'members:news');
  const requests = stack.site.requests().length;

  await stack.site.php(
    `drupalrt_site('demo', file_get_contents(getenv('DEMO_STATE') . '/secret'));
     for ($i = 0; $i < ${PUSHES}; $i++) {
       drupalrt_publish('members:news', ['number' => $i]);
     }`,
  );
  await events.count(PUSHES);

  const numbers = (await events.kept()).map((event) => event.number);
  assert.deepEqual(
    numbers,
    Array.from({ length: PUSHES }, (_, i) => i),
    'each once and in order',
  );
  assert.equal(stack.site.requests().length, requests);
  const queries = (await info(stack)).identity.queries - before;
  assert.ok(queries >= 1 && queries <= 3, `${queries} queries`);
});

test('A reconnect asks PHP for nothing', async ({ arrive }) => {
  const member = await arrive('member');
  await member.openLive('/chat');
  const requests = stack.site.requests().length;

  await member.page.evaluate(() => globalThis.Drupal.drupalrt.disconnect());
  await member.page.locator('#pill[data-state="disconnected"]').waitFor();
  await member.page.evaluate(() => globalThis.Drupal.drupalrt.connect());
  await member.live();

  assert.equal(stack.site.requests().length, requests);
});
