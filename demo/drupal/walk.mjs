/**
 * The walk through the demo on Drupal: an editor works on content, and a
 * member's page changes meanwhile. A line for each thing seen.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, Person, sideBySide } from '../runner/browser.mjs';
import { PAGE, PASSWORD } from './stack.mjs';

const LIST = '[data-drupalrt-content]';
const TITLE = '[name="title[0][value]"]';

function say(what, ms) {
  const time = ms === undefined ? '' : `${ms.toFixed(1)} ms`;
  const line = `  ${what.padEnd(62)} ${time.padStart(9)}`;
  process.stdout.write(`${line.trimEnd()}\n`);
}

/** A window of its own for somebody, signed in through Drupal's form. */
async function signIn(browser, url, name) {
  const person = await Person.arrive(browser, url, '');
  person.name = name;
  await person.open('/user/login');
  await person.page.fill('[name=name]', name);
  await person.page.fill('[name=pass]', PASSWORD);
  await person.page.click('#edit-submit');
  await person.page.waitForURL(/\/user\/\d+/);
  say(`${name} signs in`);
  return person;
}

/** Opens the live list; from then on the page counts what it asks for. */
async function openList(person) {
  await person.open(PAGE);
  await person.page
    .locator(`${LIST}[data-live=yes]`)
    .waitFor({ state: 'attached' });
  person.requests = [];
  person.page.on('request', (request) => person.requests.push(request.url()));
}

/** Sends the present form; returns when it was pressed, on all windows' clock. */
async function send({ page }) {
  // The page that was pressed on is gone by then; what it stored is not.
  await page.evaluate(() => {
    globalThis.document.querySelector('#edit-submit').addEventListener(
      'click',
      () => {
        globalThis.sessionStorage.pressed =
          performance.timeOrigin + performance.now();
      },
      { capture: true },
    );
  });
  await page.click('#edit-submit');
  await page.locator('[data-drupal-messages] >> text=has been').waitFor();
  return page.evaluate(() => Number(globalThis.sessionStorage.pressed));
}

async function form(editor, member, visitor) {
  await editor.open('/node/add/page');
  await editor.page.fill(TITLE, 'Lunch is ready');
  const seen = await member.watch(LIST, 'Lunch is ready');
  const visited = await visitor.watch(LIST, 'Lunch is ready');
  const saved = await send(editor);
  say(
    'editor saves a page in the form; member sees it',
    (await seen()) - saved,
  );
  say('… and a visitor who is not signed in', (await visited()) - saved);

  const changed = await member.watch(LIST, 'Lunch is served');
  await editor.page.click('a:text-is("Edit")');
  await editor.page.fill(TITLE, 'Lunch is served');
  const sent = await send(editor);
  say('editor changes its title; member sees it', (await changed()) - sent);
}

async function script(stack, editor, member) {
  await openList(editor);
  const watches = [];
  for (const person of [editor, member]) {
    watches.push(await person.watch(LIST, 'From a script'));
  }
  const pushed = await stack.save('From a script');
  for (const [index, name] of ['editor', 'member'].entries()) {
    const ms = (await watches[index]()) - pushed;
    say(`a script saves a page; from PHP’s push to ${name}’s list`, ms);
  }
}

async function deletion(editor, member) {
  const item = `${LIST} li:has(a:text-is("From a script"))`;
  await editor.page.click(`${item} a`);
  await editor.page.click('a:text-is("Delete")');
  await editor.page.locator('#edit-submit').click();
  await member.page.locator(item).waitFor({ state: 'detached' });
  say('editor deletes that; it goes from member’s list');
}

async function tour(stack, browser, people, folder) {
  for (const name of ['editor', 'member']) {
    people.push(await signIn(browser, stack.site.url, name));
  }
  people.push(await Person.arrive(browser, stack.site.url, ''));
  const [editor, member, visitor] = people;
  await Promise.all([member, visitor].map(openList));
  await form(editor, member, visitor);
  await sideBySide(browser, [editor, member], join(folder, 'drupal.png'));
  await script(stack, editor, member);
  await sideBySide(browser, [editor, member], join(folder, 'drupal-lists.png'));
  await deletion(editor, member);
  if (member.requests.length > 0) {
    throw new Error(`Member's page asked for ${member.requests.join(', ')}.`);
  }
  say('member’s page was not loaded again and made no request');
  const errors = people.flatMap((person) => person.errors);
  if (errors.length > 0) {
    throw new Error(`The browser's console said: ${errors.join('; ')}`);
  }
}

/**
 * Walks; returns whether all was seen. Pictures go to the folder.
 */
export async function walk(stack, folder) {
  mkdirSync(folder, { recursive: true });
  const failure = (index) => join(folder, `failed-drupal-${index}.png`);
  for (const index of [1, 2, 3]) {
    rmSync(failure(index), { force: true });
  }
  process.stdout.write(`Walking through ${stack.site.url}${PAGE}\n`);
  const browser = await openBrowser();
  const people = [];
  try {
    await tour(stack, browser, people, folder);
    process.stdout.write(`All seen. Pictures: ${folder}/drupal*.png\n`);
    return true;
  } catch (error) {
    process.stdout.write(`Not seen: ${error.message}\n`);
    for (const [index, { page }] of people.entries()) {
      const path = failure(index + 1);
      await page.screenshot({ path }).catch(() => {});
    }
    return false;
  } finally {
    await browser.close();
  }
}
