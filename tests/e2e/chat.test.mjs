/** The chat room. */
import assert from 'node:assert/strict';
import { beforeEach } from 'node:test';
import { stack, test } from './support/test.mjs';

// What was said in one test is not heard in the next.
beforeEach(() => stack.api('history_remove', { channel: 'chat:lounge' }));

test('Two people talk, and PHP is not asked', async ({ arrive }) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await editor.openLive('/chat');
  await member.openLive('/chat');
  const before = stack.site.requests().length;

  await editor.say('Anybody there?');
  await member.page.locator('.said:has-text("Anybody there?")').waitFor();
  await member.say('Me.');
  await editor.page.locator('.said:has-text("Me.")').waitFor();

  const heard = await member.page.locator('.said').allInnerTexts();
  assert.match(heard[0], /editor/);
  assert.match(heard[1], /member/);
  assert.equal(await member.page.locator('.said.own').count(), 1);
  assert.equal(stack.site.requests().length, before);
});

test('Markup in a message is text', async ({ arrive }) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await editor.openLive('/chat');
  await member.openLive('/chat');
  const markup = '<img src=x onerror=alert(1)><b>bold</b> & "quoted"';

  await editor.say(markup);

  const said = member.page.locator('.said p');
  await said.waitFor();
  assert.equal(await said.innerText(), markup);
  assert.equal(await member.page.locator('#talk img').count(), 0);
});

test('Foreign data on the channel does not break the room', async ({
  arrive,
}) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await editor.openLive('/chat');
  await member.openLive('/chat');

  await editor.page.evaluate(async () => {
    const room = globalThis.Drupal.drupalrt.channel('chat:lounge');
    for (const odd of [null, 7, 'text', [], {}, { text: 5 }, { text: null }]) {
      await room.publish(odd);
    }
  });
  await editor.say('Still fine?');

  await member.page.locator('.said:has-text("Still fine?")').waitFor();
  assert.equal(await member.page.locator('.said').count(), 1);
});

test('A visitor is asked to sign in', async ({ arrive }) => {
  const visitor = await arrive('');
  await visitor.open('/chat');

  assert.equal(await visitor.page.locator('#say').count(), 0);
  await visitor.page.locator('main a[href="/login"]').waitFor();
});

test('Who comes later reads what was said, and nobody hears it twice', async ({
  arrive,
}) => {
  const editor = await arrive('editor');
  await editor.openLive('/chat');
  await editor.say('First.');
  await editor.page.locator('.said:has-text("First.")').waitFor();
  const member = await arrive('member');
  await member.openLive('/chat');
  await member.page.locator('.said:has-text("First.")').waitFor();
  await editor.say('Second.');
  await member.page.locator('.said:has-text("Second.")').waitFor();
  assert.deepEqual(await member.page.locator('.said p').allInnerTexts(), [
    'First.',
    'Second.',
  ]);
});

test('Everyone sees who is here, and a reload is not noticed', async ({
  arrive,
}) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await editor.openLive('/chat');
  await member.openLive('/chat');
  const names = editor.page.locator('#people li');
  await names.nth(1).waitFor();
  assert.deepEqual(
    await names.allInnerTexts(),
    ['member', 'editor (you)'].sort(),
  );
  const left = editor.page.evaluate(
    () =>
      new Promise((done) => {
        const list = globalThis.document.getElementById('people');
        const watch = new globalThis.MutationObserver(() =>
          done(list.children.length),
        );
        watch.observe(list, { childList: true });
        setTimeout(() => done('nothing'), 2000);
      }),
  );
  await member.page.reload();
  await member.page.locator('#people li').nth(1).waitFor();
  assert.equal(await left, 'nothing');
});

test('A cut line is mended, and says that nothing was missed', async ({
  arrive,
}) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await editor.openLive('/chat');
  await member.openLive('/chat');
  await member.page.context().setOffline(true);
  await member.page.evaluate(() => globalThis.Drupal.drupalrt.disconnect());
  await editor.say('While you were away.');
  await editor.page.locator('.said:has-text("While you")').waitFor();
  await member.page.context().setOffline(false);
  await member.page.evaluate(() => globalThis.Drupal.drupalrt.connect());
  await member.page.locator('.said:has-text("While you")').waitFor();
  await member.page
    .locator('#chat-state:has-text("You missed nothing")')
    .waitFor();
});

test('Who types is seen to', async ({ arrive }) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await editor.openLive('/chat');
  await member.openLive('/chat');
  await editor.page.locator('#text').pressSequentially('Hm');
  await member.page.locator('#typists:has-text("editor is typing")').waitFor();
});

test('The operator sees figures move, without PHP', async ({ arrive }) => {
  const admin = await arrive('admin');
  const editor = await arrive('editor');
  await admin.openLive('/operator');
  await editor.openLive('/chat');
  const events = admin.page.locator('[data-figure="publications"]');
  await admin.page.waitForFunction(() =>
    /^[0-9]/.test(
      globalThis.document.querySelector('[data-figure="publications"]')
        .textContent,
    ),
  );
  const requests = stack.site.requests().length;
  const before = await events.innerText();
  await editor.say('One more.');
  await admin.page.waitForFunction(
    (was) =>
      globalThis.document.querySelector('[data-figure="publications"]')
        .textContent !== was,
    before,
  );
  assert.equal(stack.site.requests().length, requests);
  const member = await arrive('member');
  const refused = await member.page.request.get(`${stack.site.url}/operator`);
  assert.equal(refused.status(), 403);
});
