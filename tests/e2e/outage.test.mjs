/** The broker is away, comes back, or was never there. */
import assert from 'node:assert/strict';
import { mark } from './support/page.mjs';
import { ownStack, stack, test } from './support/test.mjs';
import { listens, until } from '../../demo/runner/wait.mjs';

/** A save is "fast" well below this; a page that waits for a broker is not. */
const PATIENCE_MS = 2000;

const item = (title) => `.note:has(h3:text-is("${title}"))`;

/** Socket errors are the browser's own words about an outage. */
function forgetSocketErrors(person) {
  person.errors = person.errors.filter(
    (line) => !/^WebSocket|net::ERR_CONNECTION_REFUSED$/.test(line),
  );
}

test('Killed and back: the page reconnects, fetches its list once, and goes on', async ({
  arrive,
}) => {
  const member = await arrive('member');
  await member.openLive('/notes');
  const unchanged = await mark(member);
  const fetches = () =>
    stack.site.requests().filter((line) => line === 'GET /notes.json').length;
  const before = fetches();

  await stack.broker.crash();
  await stack.site.console('note:save', 'Saved in the dark');
  await member.page.locator(item('Saved in the dark')).waitFor();
  await member.live();
  await stack.site.console('note:save', 'Saved in the light');
  await member.page.locator(item('Saved in the light')).waitFor();

  assert.equal(fetches() - before, 1);
  assert.ok(await unchanged());
  forgetSocketErrors(member);
});

test('A save with the broker away succeeds at once', async ({ arrive }) => {
  const site = ownStack('away');
  await site.start();
  try {
    const editor = await arrive('editor', { site: site.site });
    await editor.openLive('/notes');
    await site.broker.stop();
    await editor.page.locator('#pill[data-state="connecting"]').waitFor();
    const pressed = await editor.saveNote('Nobody to tell');
    const seen = await editor.watch('#notes', 'Nobody to tell');

    assert.ok((await seen()) - pressed < PATIENCE_MS);
    forgetSocketErrors(editor);
  } finally {
    await site.stop();
  }
});

test('A save with a broker that hangs succeeds, too', async ({ arrive }) => {
  const site = ownStack('hung');
  await site.start();
  try {
    const editor = await arrive('editor', { site: site.site });
    await editor.openLive('/notes');
    process.kill(site.broker.pid, 'SIGSTOP');
    const pressed = await editor.saveNote('It does not listen');
    const seen = await editor.watch('#notes', 'It does not listen');

    assert.ok((await seen()) - pressed < PATIENCE_MS);
    process.kill(site.broker.pid, 'SIGCONT');
    forgetSocketErrors(editor);
  } finally {
    await site.stop();
  }
});

test('Without a broker the page works in silence, and is live when one comes', async ({
  arrive,
}) => {
  const site = ownStack('silent', { withBroker: false });
  await site.start();
  try {
    const editor = await arrive('editor', { site: site.site });
    await editor.open('/notes');
    await editor.page.locator('#pill[data-state="connecting"]').waitFor();
    await editor.saveNote('Quietly');
    await editor.page.locator(item('Quietly')).waitFor();
    assert.equal(await editor.page.locator('[role=alert]:visible').count(), 0);
    assert.equal(await listens(site.brokerPort), false);

    await site.broker.start();
    await site.introduce();
    await editor.live();
    await site.site.console('note:save', 'Loudly');
    await editor.page.locator(item('Loudly')).waitFor();
    forgetSocketErrors(editor);
  } finally {
    await site.stop();
  }
});

test('Without the browser client the site still works', async ({ arrive }) => {
  const editor = await arrive('');
  await editor.page.route('**/drupalrt.js*', (route) => route.abort());
  await editor.open('/login');
  await editor.page.click('button.person:has(strong:text-is("editor"))');
  await editor.open('/notes');
  await editor.saveNote('By hand');

  await editor.page.locator(item('By hand')).waitFor();
  assert.equal(await editor.page.locator('#pill').isVisible(), false);
  editor.errors = editor.errors.filter((line) => !line.includes('ERR_FAILED'));
});

test('Without any script the forms still work', async ({ arrive }) => {
  const editor = await arrive('editor', { javaScriptEnabled: false });
  await editor.open('/notes');
  await editor.page.fill('#save [name=title]', 'Scriptless');
  await editor.page.click('#save button');
  await editor.page.locator(item('Scriptless')).waitFor();

  await stack.site.console('line:clear');
  await editor.open('/line');
  await editor.page.click('text=Join the line');
  await editor.page.locator('#place:has-text("you are next")').waitFor();
  await editor.page.click('text=Leave');
  await editor.page.locator('#place:has-text("not in line")').waitFor();
});

test('A broker that died is started again, and knows the site', async () => {
  const pid = stack.broker.pid;
  await stack.broker.crash();
  await until(
    'The restart',
    async () => stack.broker.pid && (await listens(stack.brokerPort)),
  );

  assert.notEqual(stack.broker.pid, pid);
  assert.match(await stack.site.console('site:sync'), /knows the site/);
});
