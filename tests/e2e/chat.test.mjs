/** The chat room. */
import assert from 'node:assert/strict';
import { stack, test } from './support/test.mjs';

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
