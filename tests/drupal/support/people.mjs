/**
 * People at browsers: signed in to the site, or visitors.
 */
import { openBrowser } from '../../../demo/runner/browser.mjs';
import { site } from './site.mjs';

let browser = null;

/** The password of all accounts that setup.php makes. */
export const PASSWORD = 'drupalrt';

/** A page of a browser of its own for somebody; '' is a visitor. */
export async function person(name, options = {}) {
  browser = browser ?? (await openBrowser());
  const { url = site.url, ...rest } = options;
  const context = await browser.newContext(rest);
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  page.url_ = url;
  page.go = (path) => page.goto(url + path);
  page.leave = () => context.close();
  if (name) {
    await page.go('/user/login');
    await page.fill('[name=name]', name);
    await page.fill('[name=pass]', PASSWORD);
    await page.click('#edit-submit');
    await page.waitForURL(/\/user\/\d+/);
  }
  return page;
}

/** Ends the browser; the next person opens another. */
export async function closeBrowser() {
  await browser?.close();
  browser = null;
}

/** Opens the page of live content and waits until it is live. */
export async function openContent(page) {
  await page.go('/drupalrt/demo');
  await page.locator('[data-live=yes]').waitFor({ state: 'attached' });
}

/** A line of that list; what is read out to the blind is none. */
export const inList = (page, text) =>
  page.locator('[data-drupalrt-content]').getByText(text);

/**
 * Subscribes to a channel on the present page; what happens lands in
 * `window.heard`: publications, and 'subscribed' or 'unsubscribed CODE'.
 */
export async function listen(page, channel) {
  await page.evaluate((name) => {
    globalThis.heard = globalThis.heard ?? [];
    globalThis.Drupal.drupalrt
      .channel(name)
      .on((data) => globalThis.heard.push(data))
      .on('subscribed', () => globalThis.heard.push('subscribed'))
      .on('unsubscribed', ({ code }) =>
        globalThis.heard.push(`unsubscribed ${code}`),
      );
  }, channel);
}

/** Waits until the page has heard something. */
export async function hears(page, what) {
  await page.waitForFunction(
    (wanted) =>
      globalThis.heard?.some(
        (one) => JSON.stringify(one) === JSON.stringify(wanted),
      ),
    what,
  );
}
