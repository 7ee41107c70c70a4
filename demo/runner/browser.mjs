/**
 * Chromium with people in it, for the walk and the end-to-end tests.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Wide enough for two columns, small enough for two side by side. */
const WINDOW = { width: 800, height: 640 };

export async function openBrowser() {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) {
    throw new Error('There is no Chromium here; CHROMIUM may name one.');
  }
  return chromium.launch({
    executablePath,
    args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  });
}

/** One person at one window, on one site. */
export class Person {
  /** What the browser's console said that no page should say. */
  errors = [];

  constructor(page, url, name) {
    Object.assign(this, { page, url, name });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        this.errors.push(message.text());
      }
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.setDefaultTimeout(10000);
  }

  /** A window of its own for a name, signed in; the empty name stays outside. */
  static async arrive(browser, url, name, options = {}) {
    const context = await browser.newContext({
      viewport: WINDOW,
      locale: 'en-GB',
      ...options,
    });
    const person = new Person(await context.newPage(), url, name);
    if (name) {
      await person.open('/login');
      await person.page
        .locator('button.person', {
          has: person.page.locator(`strong:text-is("${name}")`),
        })
        .click();
      await person.page.waitForURL(`${url}/`);
    }
    return person;
  }

  open(path) {
    return this.page.goto(this.url + path);
  }

  /** Opens a page and waits for it to be live. */
  async openLive(path) {
    await this.open(path);
    await this.live();
  }

  live() {
    return this.page.locator('#pill[data-state="live"]').waitFor();
  }

  /**
   * Watches for a text to appear within an element, from now on.
   *
   * Returns a function that waits for it and tells when it was there, in
   * milliseconds of the clock that all windows share.
   */
  async watch(selector, text) {
    const watch = await this.page.evaluateHandle(
      ([place, words]) => {
        const now = () => performance.timeOrigin + performance.now();
        const root = globalThis.document.querySelector(place);
        const there = () => root.textContent.includes(words);
        const seen = new Promise((resolve) => {
          const observer = new globalThis.MutationObserver(() => {
            if (there()) {
              observer.disconnect();
              resolve(now());
            }
          });
          const all = { childList: true, subtree: true, characterData: true };
          observer.observe(root, all);
          if (there()) {
            resolve(now());
          }
        });
        return { seen };
      },
      [selector, text],
    );
    return () => this.#within(watch, `“${text}” in ${selector}`);
  }

  async #within(watch, what) {
    const patience = 10000;
    const when = await watch.evaluate(
      ({ seen }, ms) =>
        Promise.race([seen, new Promise((late) => setTimeout(late, ms, 0))]),
      patience,
    );
    if (!when) {
      throw new Error(`${this.name || 'The visitor'} did not see ${what}.`);
    }
    return when;
  }

  /** Clicks and tells when, on the same clock. */
  async click(selector) {
    const button = this.page.locator(selector);
    const pressed = await button.evaluateHandle((element) => ({
      at: new Promise((resolve) => {
        element.addEventListener(
          'click',
          () => resolve(performance.timeOrigin + performance.now()),
          { once: true, capture: true },
        );
      }),
    }));
    await button.click();
    return pressed.evaluate(({ at }) => at);
  }

  async saveNote(title, body = '') {
    await this.page.fill('#save [name=title]', title);
    await this.page.fill('#save [name=body]', body);
    return this.click('#save button');
  }

  async say(text) {
    await this.page.fill('#text', text);
    return this.click('#say button');
  }

  leave() {
    return this.page.context().close();
  }
}

/** Puts windows side by side into one picture, each from its top. */
export async function sideBySide(browser, people, path) {
  const frames = [];
  for (const { page, name } of people) {
    await page.evaluate(() => globalThis.scrollTo(0, 0));
    const shot = (await page.screenshot()).toString('base64');
    frames.push(
      `<figure><figcaption>${name || 'a visitor'}</figcaption>
<img src="data:image/png;base64,${shot}"></figure>`,
    );
  }
  const page = await browser.newPage({
    viewport: {
      width: (WINDOW.width + 20) * people.length + 20,
      height: WINDOW.height + 80,
    },
  });
  await page.setContent(
    `<style>
body { margin: 0; padding: 20px; display: flex; gap: 20px; background: #c9c7dc; font: 600 16px system-ui }
figure { margin: 0 }
img { display: block; border-radius: 0 0 10px 10px }
figcaption { background: #1d1b33; color: #fff; border-radius: 10px 10px 0 0; padding: 6px 14px }
</style>${frames.join('')}`,
  );
  await page.locator('body').screenshot({ path });
  await page.close();
}
