/**
 * People at browsers: what is pushed to whom.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  closeBrowser,
  hears,
  inList,
  listen,
  openContent,
  person,
} from './support/people.mjs';
import { get, php } from './support/site.mjs';

after(closeBrowser);

/** Creates a page of content in the browser, as people do. */
async function create(page, title) {
  await page.go('/node/add/page');
  await page.fill('[name="title[0][value]"]', title);
  await page.click('#edit-submit');
  await page.waitForURL(/\/node\/\d+/);
}

test('one saves content, and the page of the other changes by itself', async () => {
  const [editor, member] = [await person('editor'), await person('member')];
  await openContent(member);
  let loads = 0;
  member.on('load', () => {
    loads += 1;
  });

  await create(editor, 'Seen at once');
  const line = member.locator('[data-drupalrt-content] li', {
    hasText: 'Seen at once',
  });
  await line.waitFor();
  assert.match(await line.innerText(), /created by editor/);

  await editor.go(`${await line.locator('a').getAttribute('href')}/edit`);
  await editor.fill('[name="title[0][value]"]', 'Seen again');
  await editor.click('#edit-submit');
  const changed = member.locator('[data-drupalrt-content] li', {
    hasText: 'Seen again',
  });
  await changed.waitFor();
  assert.match(await changed.innerText(), /changed by editor/);
  assert.equal(await line.count(), 0);

  await php(`
    $nodes = Drupal::entityTypeManager()->getStorage('node')->loadByProperties(['title' => 'Seen again']);
    reset($nodes)->delete();
    return 1;
  `);
  await changed.waitFor({ state: 'detached' });
  assert.equal(loads, 0);
  await Promise.all([editor.leave(), member.leave()]);
});

test('what people write is text in a page, never markup', async () => {
  const [editor, member] = [await person('editor'), await person('member')];
  await openContent(member);
  await create(editor, '<img src=x onerror="document.title = 1">');
  await member.getByText('<img src=x').first().waitFor();
  assert.equal(await member.locator('[data-drupalrt-content] img').count(), 0);
  await Promise.all([editor.leave(), member.leave()]);
});

test('a visitor sees the list live, and is refused what is for members', async () => {
  const visitor = await person('');
  await openContent(visitor);
  await listen(visitor, 'members:lobby');
  await hears(visitor, 'unsubscribed 103');
  await php(`
    Drupal\\node\\Entity\\Node::create(['type' => 'page', 'title' => 'For everyone'])->save();
    return 1;
  `);
  await inList(visitor, 'For everyone').waitFor();
  await visitor.leave();
});

test('members and roles hear what is theirs', async () => {
  const [editor, member] = [await person('editor'), await person('member')];
  for (const page of [editor, member]) {
    await openContent(page);
    await listen(page, 'members:lobby');
  }
  await listen(editor, 'staff:room');
  await listen(member, 'staff:room');
  await hears(editor, 'subscribed');
  await hears(member, 'unsubscribed 103');
  await php(`
    Drupal::service('drupalrt.publisher')->publish('members:lobby', 'hello');
    Drupal::service('drupalrt.publisher')->publish('staff:room', 'psst');
    return 1;
  `);
  await hears(editor, 'psst');
  await hears(editor, 'hello');
  await hears(member, 'hello');
  assert.ok(!(await member.evaluate(() => globalThis.heard)).includes('psst'));
  await Promise.all([editor.leave(), member.leave()]);
});

test('a commit publishes and a rollback does not', async () => {
  const visitor = await person('');
  await openContent(visitor);
  await listen(visitor, 'open:ends');
  await hears(visitor, 'subscribed');
  await get('/drupalrt-test/rollback');
  await get('/drupalrt-test/commit');
  await hears(visitor, 'after commit');
  assert.deepEqual(await visitor.evaluate(() => globalThis.heard), [
    'subscribed',
    'after rollback',
    'commit',
    'after commit',
  ]);
  await visitor.leave();
});

test('a right that is taken away ends the subscription', async () => {
  const editor = await person('editor');
  await openContent(editor);
  await listen(editor, 'staff:room');
  await hears(editor, 'subscribed');
  await php(`
    $editor = user_load_by_name('editor');
    $editor->removeRole('editor')->save();
    return 1;
  `);
  await hears(editor, 'unsubscribed 2100');
  await php(`
    $editor = user_load_by_name('editor');
    $editor->addRole('editor')->save();
    return 1;
  `);
  await editor.leave();
});

test('who logs out elsewhere is a visitor to the broker too', async () => {
  const guest = await person('guest');
  const second = await guest.context().newPage();
  await openContent(guest);
  await listen(guest, 'members:lobby');
  await hears(guest, 'subscribed');
  await second.goto(guest.url().replace('/drupalrt/demo', '/user/logout'));
  const confirm = second.locator('#edit-submit');
  if (await confirm.count()) {
    await confirm.click();
  }
  await hears(guest, 'unsubscribed 103');
  await guest.leave();
});

test('who is blocked is a visitor to the broker at once', async () => {
  const guest = await person('guest');
  await openContent(guest);
  await listen(guest, 'members:lobby');
  await hears(guest, 'subscribed');
  await php("user_load_by_name('guest')->block()->save(); return 1;");
  await guest.waitForFunction(() =>
    globalThis.heard.some((one) => /^unsubscribed (103|2100)$/.test(one)),
  );
  await php("user_load_by_name('guest')->activate()->save(); return 1;");
  await guest.leave();
});
