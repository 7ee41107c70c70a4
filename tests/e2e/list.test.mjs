/** The live list. */
import assert from 'node:assert/strict';
import { keep, mark } from './support/page.mjs';
import { stack, test } from './support/test.mjs';

const item = (title) => `.note:has(h3:text-is("${title}"))`;

test('What one saves, the other sees, without a reload', async ({ arrive }) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await editor.openLive('/notes');
  await member.openLive('/notes');
  const unchanged = await mark(member);

  await editor.saveNote('From editor to member', 'With a <b>text</b>.');

  const note = member.page.locator(item('From editor to member'));
  await note.waitFor();
  assert.match(await note.innerText(), /With a <b>text<\/b>\./);
  assert.match(await note.innerText(), /editor · \d\d:\d\d:\d\d/);
  assert.ok(await unchanged());
});

test('Changes and deletions arrive as well, with who did it', async ({
  arrive,
}) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await member.openLive('/notes');
  await member.saveNote('A first thought');
  await member.page.locator(item('A first thought')).waitFor();

  await editor.open('/notes');
  await editor.page.getByRole('link', { name: 'Edit A first thought' }).click();
  await editor.page.fill('main [name=title]', 'A second thought');
  await editor.page.click('main form button');
  const note = member.page.locator(item('A second thought'));
  await note.waitFor();
  assert.match(await note.innerText(), /member, edited by editor/);
  assert.equal(await member.page.locator(item('A first thought')).count(), 0);

  await editor.live();
  await editor.page
    .getByRole('button', { name: 'Delete A second thought' })
    .click();
  await note.waitFor({ state: 'detached' });
  assert.match(
    await member.page.locator('#last').innerText(),
    /^editor deleted/,
  );
});

test('A visitor who is not signed in sees changes, too', async ({ arrive }) => {
  const visitor = await arrive('');
  await visitor.openLive('/notes');

  await stack.site.console('note:save', 'For everyone');

  await visitor.page.locator(item('For everyone')).waitFor();
  assert.equal(
    await visitor.page.locator('.note-tools:visible').count(),
    0,
    'a visitor is offered no tools',
  );
});

test('A save on the command line reaches an open page', async ({ arrive }) => {
  const member = await arrive('member');
  await member.openLive('/notes');
  const unchanged = await mark(member);

  await stack.site.console('note:save', 'Saved by a script');

  await member.page.locator(item('Saved by a script')).waitFor();
  assert.ok(await unchanged());
});

test('A commit publishes and a rollback does not', async ({ arrive }) => {
  const member = await arrive('member');
  await member.openLive('/notes');
  const events = await keep(member, 'notes:list');

  await stack.site.console('note:save', '--rollback', 'Taken back');
  await stack.site.console('note:save', 'Kept for good');

  await member.page.locator(item('Kept for good')).waitFor();
  const titles = (await events.kept()).map((event) => event.note.title);
  assert.deepEqual(titles, ['Kept for good']);
  await member.open('/notes');
  assert.equal(await member.page.locator(item('Taken back')).count(), 0);
});

test('A page that missed an event of a crowd catches up', async ({
  arrive,
}) => {
  const member = await arrive('member');
  await member.openLive('/notes');

  // A revision is skipped, as if the event between had been lost.
  await stack.site.php(
    `drupalrt_site('demo', file_get_contents(getenv('DEMO_STATE') . '/secret'));
     $note = ['id' => 999999, 'title' => 'Far ahead', 'body' => '', 'uid' => 2,
       'author' => 'editor', 'changed' => time(), 'changed_by' => 'editor',
       'revision' => 100000];
     drupalrt_publish('notes:list', ['op' => 'insert', 'revision' => 100000,
       'by' => 'editor', 'at' => time(), 'note' => $note]);`,
  );
  await member.page.locator(item('Far ahead')).waitFor();
  const refetched = member.page.waitForResponse('**/notes.json');

  assert.equal((await refetched).status(), 200);
});
