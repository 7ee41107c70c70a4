/** Signed out while a page is open. */
import assert from 'node:assert/strict';
import { subscribe } from './support/page.mjs';
import { test } from './support/test.mjs';

test('Signed out in another tab, the open page is a visitor’s', async ({
  arrive,
}) => {
  const member = await arrive('member');
  await member.openLive('/notes');
  assert.equal(await subscribe(member, 'members:news'), 'subscribed');
  const other = await member.page.context().newPage();
  await other.goto(`${member.url}/chat`);

  await other.click('text=Sign out');

  await member.page.locator('#notice:has-text("signed out")').waitFor();
  await member.live();
  assert.equal(await subscribe(member, 'queue:desk'), 103);
});

test('An administrator signs a person out everywhere', async ({ arrive }) => {
  const member = await arrive('member');
  const phone = await arrive('member');
  const admin = await arrive('admin');
  await Promise.all([member.live(), phone.live()]);
  await admin.open('/people');

  await admin.page
    .getByRole('button', { name: 'Sign member out everywhere' })
    .click();

  for (const window of [member, phone]) {
    await window.page.locator('#notice:has-text("signed out")').waitFor();
  }
  await admin.openLive('/');
});

test('A person who is blocked is out at once', async ({ arrive }) => {
  const admin = await arrive('admin');
  const second = await arrive('second member');
  await second.live();
  await admin.open('/people');
  const row = admin.page.locator('.roster li', { hasText: 'second member' });

  await row.getByLabel('may sign in').uncheck();
  await row.getByRole('button', { name: 'Save second member' }).click();
  await second.page.locator('#notice:has-text("signed out")').waitFor();

  await row.getByLabel('may sign in').check();
  await row.getByRole('button', { name: 'Save second member' }).click();
  await admin.page.waitForLoadState();
});

test('Who signs in on one page is somebody on the next', async ({ arrive }) => {
  const visitor = await arrive('');
  await visitor.openLive('/');
  assert.equal(await subscribe(visitor, 'queue:desk'), 103);

  await visitor.page.click('text=Sign in with a demo account');
  await visitor.page.click('button.person:has(strong:text-is("member"))');
  await visitor.live();

  assert.equal(await subscribe(visitor, 'queue:desk'), 'subscribed');
});
