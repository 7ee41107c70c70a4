/** The waiting line. */
import assert from 'node:assert/strict';
import { mark } from './support/page.mjs';
import { stack, test } from './support/test.mjs';

const place = (person, text) =>
  person.page.locator(`#place:has-text("${text}")`).waitFor();

test('Places change live as people join, leave and are called', async ({
  arrive,
}) => {
  await stack.site.console('line:clear');
  const editor = await arrive('editor');
  const member = await arrive('member');
  const second = await arrive('second member');
  const agent = await arrive('agent');
  const people = [editor, member, second, agent];
  await Promise.all(people.map((person) => person.openLive('/line')));
  const unchanged = await Promise.all(people.map(mark));

  await editor.click('text=Join the line');
  await place(editor, 'you are next');
  await member.click('text=Join the line');
  await place(member, '1 before you');
  await second.click('text=Join the line');
  await place(second, '2 before you');
  await agent.page.locator('#tickets li').nth(2).waitFor();

  await member.click('text=Leave');
  await place(second, '1 before you');

  await agent.click('text=Take the next');
  await place(editor, 'Your turn');
  await place(editor, 'agent is waiting for you');
  await place(second, 'you are next');
  await second.page.locator('.board:has-text("1 waiting")').waitFor();

  await agent.click('text=Take the next');
  await place(second, 'Your turn');
  await place(editor, 'You are not in line');
  await agent.page.locator('#nobody').waitFor();
  await agent.click('text=Take the next');
  await place(second, 'You are not in line');
  for (const same of unchanged) {
    assert.ok(await same());
  }
});

test('Two windows of one person show the same place', async ({ arrive }) => {
  await stack.site.console('line:clear');
  const member = await arrive('member');
  await member.openLive('/line');
  const other = await member.page.context().newPage();
  await other.goto(`${member.url}/line`);
  await other.locator('#pill[data-state="live"]').waitFor();

  await member.click('text=Join the line');
  await other.locator('#place:has-text("you are next")').waitFor();

  await other.click('text=Leave');
  await place(member, 'You are not in line');
});
