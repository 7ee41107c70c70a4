/** Where no WebSocket gets through: streams over HTTP, from another port. */
import assert from 'node:assert/strict';
import { keep, subscribe } from './support/page.mjs';
import { test } from './support/test.mjs';

/** Takes away what the browser has, before a page's scripts can see it. */
const without = (person, ...names) =>
  person.page.addInitScript((gone) => {
    gone.forEach((name) => delete globalThis[name]);
  }, names);

/** Opens a page and tells by what it is connected. */
async function openedBy(person, path) {
  await person.page.addInitScript(() => {
    globalThis.addEventListener('DOMContentLoaded', () => {
      globalThis.Drupal.drupalrt.on('connected', ({ transport }) => {
        globalThis.connectedBy = transport;
      });
    });
  });
  await person.openLive(path);
  return person.page.evaluate(() => globalThis.connectedBy);
}

const ways = {
  http_stream: ['WebSocket'],
  sse: ['WebSocket', 'ReadableStream'],
};

for (const [way, missing] of Object.entries(ways)) {
  test(`Signed in by the session cookie, a page lives on ${way}`, async ({
    arrive,
  }) => {
    const member = await arrive('member');
    await without(member, ...missing);

    assert.equal(await openedBy(member, '/notes'), way);

    assert.equal(await subscribe(member, 'members:news'), 'subscribed');
    const lounge = await keep(member, 'chat:lounge');
    const other = await arrive('second member');
    await other.openLive('/chat');
    await other.say(`hello by ${way}`);
    await lounge.count(1);
  });
}
