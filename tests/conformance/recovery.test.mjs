// Streams: what a browser missed while it was away, with the official client.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { connected, seen, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';

let broker;
let link;
before(async () => {
  const config = join(tmpdir(), `rt-recovery-${process.pid}.toml`);
  writeFileSync(
    config,
    `[[channel.namespaces]]
name = "stream"
history_size = 10
history_ttl = "60s"
force_recovery = true
[[channel.namespaces]]
name = "state"
history_size = 1
history_ttl = "60s"
force_recovery = true
force_recovery_mode = "cache"
`,
  );
  broker = await Broker.start({ flags: ['--insecure', '--config', config] });
  link = await Link.open(broker.socket);
});
after(async () => {
  link.close();
  await broker.remove();
});

// Away for as long as `meanwhile` takes, then subscribed again.
async function away(subscription, meanwhile) {
  const left = told(subscription, 'unsubscribed');
  subscription.unsubscribe();
  await left;
  await meanwhile();
  const back = told(subscription, 'subscribed');
  subscription.subscribe();
  return back;
}

test('what was missed comes, in order, once, and live goes on behind it', async () => {
  const made = await connected(broker);
  const news = await subscribed(made, 'stream:1');
  assert.equal(news.context.recoverable, true);
  await link.publish('stream:1', 1, true);
  await seen(news, 1);
  const back = await away(news, async () => {
    for (let n = 2; n < 6; n += 1) await link.publish('stream:1', n, true);
  });
  assert.equal(back.wasRecovering, true);
  assert.equal(back.recovered, true);
  await link.publish('stream:1', 6, true);
  assert.deepEqual(await seen(news, 6), [1, 2, 3, 4, 5, 6]);
  made.disconnect();
});

test('one who missed more than is kept is told so', async () => {
  const made = await connected(broker);
  const news = await subscribed(made, 'stream:2');
  await link.publish('stream:2', 0, true);
  await seen(news, 1);
  const back = await away(news, async () => {
    for (let n = 1; n < 13; n += 1) await link.publish('stream:2', n, true);
  });
  assert.equal(back.wasRecovering, true);
  assert.equal(back.recovered, false);
  assert.equal(back.streamPosition.offset, 13);
  made.disconnect();
});

test('a restarted broker is another epoch, and says so', async () => {
  const made = await connected(broker);
  const news = await subscribed(made, 'stream:3');
  await link.publish('stream:3', 1, true);
  await seen(news, 1);
  const back = told(news, 'subscribed');
  await broker.stop();
  await broker.launch();
  assert.equal((await back).recovered, false);
  link = await Link.open(broker.socket);
  made.disconnect();
});

test('a state channel gives the newest, and that alone', async () => {
  const made = await connected(broker);
  const state = await subscribed(made, 'state:1');
  await link.publish('state:1', 'a', true);
  await seen(state, 1);
  const back = await away(state, async () => {
    await link.publish('state:1', 'b', true);
    await link.publish('state:1', 'c', true);
  });
  assert.equal(back.recovered, true);
  assert.deepEqual(await seen(state, 2), ['a', 'c']);
  made.disconnect();
});
