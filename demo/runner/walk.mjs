/**
 * The walk through the demo: what a visitor would try first, done by Chromium,
 * with a line for each thing seen.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, Person, sideBySide } from './browser.mjs';

const NAMES = ['editor', 'member', 'agent'];

class Walk {
  constructor(stack, browser, folder) {
    Object.assign(this, { stack, browser, folder });
  }

  say(what, ms) {
    const time = ms === undefined ? '' : `${ms.toFixed(1)} ms`;
    process.stdout.write(`  ${what.padEnd(62)} ${time.padStart(9)}\n`);
  }

  arrive(name) {
    return Person.arrive(this.browser, this.stack.site.url, name);
  }

  picture(people, name) {
    return sideBySide(this.browser, people, join(this.folder, name));
  }

  async list(editor, member) {
    await Promise.all([editor.openLive('/notes'), member.openLive('/notes')]);
    let seen = await member.watch('#notes', 'Lunch is ready');
    const pressed = await editor.saveNote('Lunch is ready', 'In the garden.');
    this.say('editor saves a note; member sees it', (await seen()) - pressed);

    seen = await editor.watch('#notes', 'I bring bread');
    const answered = await member.saveNote('I bring bread');
    this.say('member saves a note; editor sees it', (await seen()) - answered);

    seen = await member.watch('#notes', 'From a script');
    const started = Date.now();
    await this.stack.site.console('note:save', 'From a script');
    this.say(
      'a command line script saves one (with the start of PHP)',
      (await seen()) - started,
    );

    const gone = await member.watch('#last', 'deleted');
    const item = '.note:has(h3:text-is("From a script"))';
    const deleted = await editor.click(`${item} [data-tool=delete]`);
    this.say('editor deletes it; member sees it go', (await gone()) - deleted);
    await this.picture([editor, member], 'notes.png');
  }

  async chat(editor, member) {
    await Promise.all([editor.openLive('/chat'), member.openLive('/chat')]);
    const before = this.stack.site.requests().length;
    let heard = await member.watch('#talk', 'Is anybody here?');
    const asked = await editor.say('Is anybody here?');
    this.say('editor says something; member reads it', (await heard()) - asked);

    heard = await editor.watch('#talk', 'Right here.');
    const replied = await member.say('Right here.');
    this.say('member answers; editor reads it', (await heard()) - replied);
    await this.converse([
      [editor, 'The list changed while I was reading it.'],
      [member, 'That was me. No reload, I hope?'],
      [editor, 'None. It was simply there.'],
    ]);
    const requests = this.stack.site.requests().length - before;
    this.say(`PHP was asked ${requests} times for that`);
    await this.picture([editor, member], 'chat.png');
    if (requests > 0) {
      throw new Error('A chat line needed PHP.');
    }
  }

  /** Each line is on its speaker's own page before the next is said. */
  async converse(lines) {
    for (const [person, text] of lines) {
      const heard = await person.watch('#talk', text);
      await person.say(text);
      await heard();
    }
  }

  async line(editor, member, agent) {
    const people = [editor, member, agent];
    await Promise.all(people.map((person) => person.openLive('/line')));
    await editor.click('text=Join the line');
    await editor.page.locator('text=you are next').waitFor();
    await member.click('text=Join the line');
    await member.page.locator('text=1 before you').waitFor();
    this.say('editor and member wait in line, member second');

    const moved = await member.watch('#place', 'you are next');
    const called = await editor.watch('#place', 'Your turn');
    const taken = await agent.click('text=Take the next');
    this.say(
      'the agent takes the next; editor is called',
      (await called()) - taken,
    );
    this.say('… and member moves up', (await moved()) - taken);
    await this.picture([member, agent], 'line.png');
  }

  async outside() {
    const visitor = await this.arrive('');
    await visitor.open('/');
    await visitor.page.locator('#news-state:has-text("103")').waitFor();
    this.say('a visitor is refused the members’ channel (103)');
    await visitor.leave();
  }
}

/**
 * Walks; returns whether all was seen. Pictures go to the folder.
 */
export async function walk(stack, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of NAMES) {
    rmSync(join(folder, `failed-${name}.png`), { force: true });
  }
  process.stdout.write(`Walking through ${stack.site.url}/\n`);
  const browser = await openBrowser();
  const way = new Walk(stack, browser, folder);
  const people = [];
  try {
    for (const name of NAMES) {
      people.push(await way.arrive(name));
    }
    const [editor, member, agent] = people;
    await way.list(editor, member);
    await way.chat(editor, member);
    await way.line(editor, member, agent);
    await way.outside();
    const errors = people.flatMap((person) => person.errors);
    if (errors.length > 0) {
      throw new Error(`The browser's console said: ${errors.join('; ')}`);
    }
    process.stdout.write(`All seen. Pictures: ${folder}/*.png\n`);
    return true;
  } catch (error) {
    process.stdout.write(`Not seen: ${error.message}\n`);
    for (const person of people) {
      const path = join(folder, `failed-${person.name}.png`);
      await person.page.screenshot({ path }).catch(() => {});
    }
    return false;
  } finally {
    await browser.close();
  }
}
