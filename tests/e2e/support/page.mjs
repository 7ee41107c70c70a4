/**
 * What tests ask of the browser client in a page.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Subscribes and tells how it went: 'subscribed', or the code of the refusal.
 */
export function subscribe(person, channel) {
  return person.page.evaluate(
    (name) =>
      new Promise((resolve) => {
        globalThis.Drupal.drupalrt
          .channel(name)
          .on('subscribed', () => resolve('subscribed'))
          .on('unsubscribed', ({ code }) => resolve(code));
      }),
    channel,
  );
}

/** Publishes and tells how it went: 'published', or the code of the refusal. */
export function publish(person, channel, data) {
  return person.page.evaluate(
    ([name, value]) =>
      globalThis.Drupal.drupalrt.publish(name, value).then(
        () => 'published',
        ({ code }) => code,
      ),
    [channel, data],
  );
}

/** Keeps what a channel brings; kept() returns it so far. */
export async function keep(person, channel) {
  const handle = await person.page.evaluateHandle((name) => {
    const data = [];
    globalThis.Drupal.drupalrt.channel(name).on((event) => data.push(event));
    return data;
  }, channel);
  return {
    kept: () => handle.jsonValue(),
    /** Waits until there are so many. */
    count: (number) =>
      person.page.waitForFunction(
        ([data, wanted]) => data.length >= wanted,
        [handle, number],
      ),
  };
}

/** Marks a page, to tell later that it is the same and was never loaded anew. */
export async function mark(person) {
  await person.page.evaluate(() => {
    globalThis.unchanged = true;
  });
  return () => person.page.evaluate(() => globalThis.unchanged === true);
}

/** The broker's own account of itself, by its HTTP API. */
export async function info(stack) {
  const key = readFileSync(join(stack.state, 'api-key'), 'utf8');
  const url = `http://127.0.0.1:${stack.internalPort}/api/info`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: '{}',
  });
  const answer = await response.json();
  if (!answer.result) {
    throw new Error(`The broker's info: ${JSON.stringify(answer)}`);
  }
  return answer.result;
}
