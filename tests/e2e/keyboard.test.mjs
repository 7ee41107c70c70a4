/** By keyboard alone, and on a small screen. */
import assert from 'node:assert/strict';
import { stack, test } from './support/test.mjs';

/** Presses Tab until an element has the focus. */
async function tabTo(person, selector) {
  for (let i = 0; i < 80; i += 1) {
    await person.page.keyboard.press('Tab');
    const there = await person.page.evaluate(
      (wanted) => globalThis.document.activeElement.matches(wanted),
      selector,
    );
    if (there) {
      return;
    }
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

test('Everything can be done by keyboard', async ({ arrive }) => {
  const person = await arrive('');
  const { keyboard } = person.page;
  await person.open('/login');
  await tabTo(person, 'li:nth-child(2) button.person');
  await keyboard.press('Enter');
  await person.page.waitForURL(`${person.url}/`);

  await tabTo(person, 'nav a[href="/notes"]');
  await keyboard.press('Enter');
  await person.live();
  await tabTo(person, '#save [name=title]');
  await keyboard.type('Typed blind');
  await keyboard.press('Enter');
  await person.page.locator('.note:has-text("Typed blind")').waitFor();

  await person.openLive('/chat');
  await tabTo(person, '#text');
  await keyboard.type('Without a mouse');
  await keyboard.press('Enter');
  await person.page.locator('.said:has-text("Without a mouse")').waitFor();

  await stack.site.console('line:clear');
  await person.openLive('/line');
  await tabTo(person, '#place button');
  await keyboard.press('Enter');
  await person.page.locator('#place[data-state=waiting]').waitFor();
  // The pressed button is gone; the focus is on the one in its place.
  await person.page.waitForFunction(
    () => globalThis.document.activeElement.textContent === 'Leave',
  );
  await keyboard.press('Enter');
  await person.page.locator('#place[data-state=none]').waitFor();
});

test('The first Tab offers to skip the menu', async ({ arrive }) => {
  const visitor = await arrive('');
  await visitor.open('/notes');
  await visitor.page.keyboard.press('Tab');
  await visitor.page.keyboard.press('Enter');
  await visitor.page.keyboard.press('Tab');

  const inMain = await visitor.page.evaluate(
    () => globalThis.document.activeElement.closest('main') !== null,
  );
  assert.ok(inMain);
});

test('Nothing is wider than a phone', async ({ arrive }) => {
  const admin = await arrive('admin', {
    viewport: { width: 360, height: 740 },
  });
  for (const path of ['/', '/notes', '/chat', '/line', '/people']) {
    await admin.open(path);
    const over = await admin.page.evaluate(
      () =>
        globalThis.document.documentElement.scrollWidth - globalThis.innerWidth,
    );
    assert.ok(over <= 0, `${path} is ${over} px too wide`);
  }
});

test('Every field has a name and every page a heading', async ({ arrive }) => {
  const admin = await arrive('admin');
  for (const path of ['/', '/notes', '/chat', '/line', '/people']) {
    await admin.open(path);
    assert.equal(await admin.page.locator('h1').count(), 1, path);
    const nameless = await admin.page.evaluate(() =>
      [...globalThis.document.querySelectorAll('input, textarea, button')]
        .filter((field) => field.type !== 'hidden')
        .filter(
          (field) =>
            !field.labels?.length &&
            !field.getAttribute('aria-label') &&
            !field.textContent.trim(),
        )
        .map((field) => field.outerHTML),
    );
    assert.deepEqual(nameless, [], path);
  }
});
