// Who is here: with grace for those who come back at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { client, connected, subscribed, told } from './client.mjs';
import { now, token } from './token.mjs';

const key = 'a secret of the presence tests';
let broker;
before(async () => {
  broker = await Broker.start({
    flags: ['--client-allowed-origins', 'http://page.test'],
    env: {
      DRUPALRT_HTTP_API_KEY: 'api',
      DRUPALRT_CLIENT_TOKEN_HMAC_SECRET_KEY: key,
      DRUPALRT_CHANNEL_NAMESPACES: JSON.stringify([
        {
          name: 'room',
          subscribe: 'everyone',
          presence: true,
          join_leave: true,
          presence_grace: '2s',
        },
        {
          name: 'strict',
          subscribe: 'everyone',
          presence: true,
          presence_for: 'server',
        },
      ]),
    },
  });
});
after(() => broker.remove());

const page = { origin: 'http://page.test' };
const as = (user) =>
  connected(broker, {
    ...page,
    token: token({ sub: user, exp: now() + 300 }, { key }),
  });
const presence = async (channel) => {
  const answer = await broker.api(
    'presence',
    { channel },
    { 'X-API-Key': 'api' },
  );
  return Object.values(answer.result.presence);
};

test('a reload is no leave and no join', async () => {
  const watcher = await as('1');
  const room = await subscribed(watcher, 'room:1', { joinLeave: true });
  const news = [];
  room.on('join', ({ info }) => news.push(`+${info.user}`));
  room.on('leave', ({ info }) => news.push(`-${info.user}`));
  const first = await as('2');
  await subscribed(first, 'room:1');
  const firstId = first.context.client;
  first.disconnect();
  const second = await as('2');
  await subscribed(second, 'room:1');
  const third = await as('3');
  await subscribed(third, 'room:1');
  while (!news.includes('+3')) await told(room, 'join');
  assert.deepEqual(
    news.filter((one) => one.endsWith('2')),
    ['+2'],
  );
  const here = await presence('room:1');
  assert.deepEqual(here.map((one) => one.user).sort(), ['1', '2', '3']);
  const two = here.find((one) => one.user === '2');
  assert.equal(two.client, firstId, 'the id that was announced');
  const left = told(room, 'leave');
  second.disconnect();
  const { info } = await left;
  assert.equal(info.client, firstId, 'so the leave fits the join');
  third.disconnect();
  watcher.disconnect();
});

test('who leaves on purpose has left at once', async () => {
  const watcher = await as('1');
  const room = await subscribed(watcher, 'room:2', { joinLeave: true });
  const other = await as('2');
  const theirs = await subscribed(other, 'room:2');
  const left = told(room, 'leave');
  const before = Date.now();
  theirs.unsubscribe();
  await left;
  assert.ok(Date.now() - before < 2_000, 'no grace for that');
  other.disconnect();
  watcher.disconnect();
});

test('who does not come back is gone after the grace', async () => {
  const made = await as('2');
  await subscribed(made, 'room:3');
  made.disconnect();
  assert.equal((await presence('room:3')).length, 1, 'still there');
  while ((await presence('room:3')).length > 0);
});

test('two tabs of one user are two clients and one user', async () => {
  const tabs = [await as('4'), await as('4')];
  const rooms = await Promise.all(tabs.map((one) => subscribed(one, 'room:4')));
  assert.deepEqual(await rooms[0].presenceStats(), {
    numClients: 2,
    numUsers: 1,
  });
  for (const one of tabs) one.disconnect();
});

test('who may not see who is here gets 103', async () => {
  const made = await as('5');
  const room = await subscribed(made, 'strict:1');
  await assert.rejects(room.presence(), { code: 103 });
  await assert.rejects(room.presenceStats(), { code: 103 });
  assert.equal((await presence('strict:1')).length, 1);
  made.disconnect();
});

test('a client that dies without a word leaves, too', async () => {
  const watcher = await as('1');
  const room = await subscribed(watcher, 'room:5', { joinLeave: true });
  const other = client(broker, {
    ...page,
    token: token({ sub: '6', exp: now() + 300 }, { key }),
  });
  const up = told(other, 'connected');
  other.connect();
  await up;
  await subscribed(other, 'room:5');
  const left = told(room, 'leave');
  other._transport._transport.terminate();
  other.disconnect();
  assert.equal((await left).info.user, '6');
  watcher.disconnect();
});
