// Limits, and what happens at them; and the figures that tell of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Broker } from './broker.mjs';
import { client, connected, subscribed, told } from './client.mjs';
import { now, token } from './token.mjs';

const key = 'a secret of the limits tests';
const page = { origin: 'http://page.test' };
const signed = (sub) => token({ sub, exp: now() + 300 }, { key });

async function withLimits(flags, run, more = {}) {
  const broker = await Broker.start({
    flags: ['--client-allowed-origins', 'http://page.test', ...flags],
    env: {
      DRUPALRT_CLIENT_TOKEN_HMAC_SECRET_KEY: key,
      DRUPALRT_HTTP_API_KEY: 'api',
      DRUPALRT_CHANNEL_NAMESPACES:
        '[{"name":"open","subscribe":"everyone","publish":"everyone"}]',
    },
    ...more,
  });
  try {
    await run(broker);
  } finally {
    await broker.remove();
  }
}

const metrics = async (broker) => {
  const url = `http://127.0.0.1:${broker.internal}/metrics`;
  const text = await (await fetch(url)).text();
  const values = {};
  for (const line of text.split('\n')) {
    const [name, value] = line.split(/ (?=\S+$)/);
    if (!line.startsWith('#') && name) values[name] = Number(value);
  }
  return values;
};

const ends = async (broker, options) => {
  const made = client(broker, { ...page, ...options });
  const over = told(made, 'disconnected');
  made.connect();
  return (await over).code;
};

test('a user has so many connections, and others have theirs', () =>
  withLimits(['--client-user-connection-limit', '2'], async (broker) => {
    const two = [
      await connected(broker, { ...page, token: signed('1') }),
      await connected(broker, { ...page, token: signed('1') }),
    ];
    assert.equal(await ends(broker, { token: signed('1') }), 3504);
    const other = await connected(broker, { ...page, token: signed('2') });
    two[0].disconnect();
    while ((await metrics(broker)).drupalrt_node_num_clients > 2);
    const again = await connected(broker, { ...page, token: signed('1') });
    for (const one of [two[1], other, again]) one.disconnect();
  }));

test('an address has so many, and a second so many new ones', () =>
  withLimits(['--client-address-connection-limit', '2'], async (broker) => {
    const two = [
      await connected(broker, { ...page, token: signed('1') }),
      await connected(broker, { ...page, token: signed('2') }),
    ];
    const url = `http://127.0.0.1:${broker.port}/connection/uni_sse`;
    const third = await fetch(url, { headers: { Origin: page.origin } });
    assert.equal(third.status, 503);
    assert.equal(
      (await metrics(broker)).drupalrt_client_connections_refused,
      1,
    );
    for (const one of two) one.disconnect();
  }));

test('new connections above their rate come back later', () =>
  withLimits(['--client-connection-rate-limit', '5'], async (broker) => {
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        connected(broker, { ...page, token: signed(String(i)) }),
      ),
    );
    assert.equal(many.length, 12, 'all of them, in the end');
    const counted = await metrics(broker);
    assert.ok(counted.drupalrt_client_connections_refused > 0);
    for (const one of many) one.disconnect();
  }));

test('commands above their rate are answered with 111', () =>
  withLimits(
    ['--client-command-rate-limit', '1', '--client-command-burst', '5'],
    async (broker) => {
      const made = await connected(broker, { ...page, token: signed('1') });
      const answers = await Promise.allSettled(
        Array.from({ length: 8 }, () => made.publish('open:1', 1)),
      );
      const errors = answers.filter((one) => one.status === 'rejected');
      assert.equal(errors.length, 3);
      assert.ok(errors.every((one) => one.reason.code === 111));
      assert.equal(
        (await metrics(broker))['drupalrt_client_num_reply_errors{code="111"}'],
        3,
      );
      made.disconnect();
    },
  ));

test('a user’s commands are counted over all connections', () =>
  withLimits(
    [
      ...['--client-user-command-rate-limit', '1'],
      ...['--client-user-command-burst', '4'],
    ],
    async (broker) => {
      const tabs = [
        await connected(broker, { ...page, token: signed('1') }),
        await connected(broker, { ...page, token: signed('1') }),
      ];
      const answers = await Promise.allSettled(
        tabs.flatMap((one) => [1, 2, 3].map((n) => one.publish('open:1', n))),
      );
      const refused = answers.filter((one) => one.status === 'rejected');
      assert.equal(refused.length, 2);
      for (const one of tabs) one.disconnect();
    },
  ));

test('who causes too many errors is closed with 3509', () =>
  withLimits(['--client-error-rate-limit', '3'], async (broker) => {
    const made = await connected(broker, { ...page, token: signed('1') });
    const over = told(made, 'disconnected');
    for (let i = 0; i < 5; i += 1) made.rpc('nope', {}).catch(() => {});
    assert.equal((await over).code, 3509);
  }));

test('an old connection is told to come back', () =>
  withLimits(['--client-connection-max-age', '1s'], async (broker) => {
    const made = await connected(broker, { ...page, token: signed('1') });
    const left = told(made, 'connecting');
    const back = told(made, 'connected');
    assert.equal((await left).code, 3011);
    await back;
    made.disconnect();
  }));

test('at a stop all are told, in batches, and find the next broker', () =>
  withLimits(
    ['--shutdown-batch-size', '2', '--shutdown-batch-delay', '100ms'],
    async (broker) => {
      const many = await Promise.all(
        Array.from({ length: 10 }, () =>
          connected(broker, { ...page, token: signed('1') }),
        ),
      );
      const codes = many.map((one) => told(one, 'connecting'));
      const back = many.map((one) => told(one, 'connected'));
      await broker.stop();
      for (const one of codes) assert.equal((await one).code, 3001);
      await broker.launch();
      await Promise.all(back);
      for (const one of many) one.disconnect();
    },
  ));

test('a slow reader of a latest-only channel skips to the newest', () =>
  withLimits(
    [],
    async (broker) => {
      const reader = await connected(broker, { ...page, token: signed('1') });
      const room = await subscribed(reader, 'score:1');
      // Its socket is not read while much is published.
      const { _socket: socket } = reader._transport._transport;
      socket.pause();
      const large = 'x'.repeat(40_000);
      for (let n = 0; n < 400; n += 1) {
        await broker.api(
          'publish',
          { channel: 'score:1', data: { n, large } },
          { 'X-API-Key': 'api' },
        );
      }
      const counted = await metrics(broker);
      assert.ok(counted.drupalrt_client_publications_skipped > 0);
      socket.resume();
      while (room.seen.at(-1)?.n !== 399) await told(room, 'publication');
      assert.ok(room.seen.length < 400);
      const order = room.seen.map((one) => one.n);
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      );
      reader.disconnect();
    },
    {
      env: {
        DRUPALRT_CLIENT_TOKEN_HMAC_SECRET_KEY: key,
        DRUPALRT_HTTP_API_KEY: 'api',
        DRUPALRT_CLIENT_QUEUE_MAX_SIZE: '64MiB',
        DRUPALRT_CHANNEL_NAMESPACES:
          '[{"name":"score","subscribe":"everyone","latest_only":true}]',
      },
    },
  ));

test('the figures add up', () =>
  withLimits([], async (broker) => {
    const made = await connected(broker, { ...page, token: signed('1') });
    const room = await subscribed(made, 'open:1');
    const own = told(room, 'publication');
    await room.publish(1);
    await own;
    const counted = await metrics(broker);
    assert.equal(counted.drupalrt_node_num_clients, 1);
    assert.equal(counted.drupalrt_node_num_users, 1);
    assert.equal(counted.drupalrt_node_num_subscriptions, 1);
    assert.equal(counted.drupalrt_node_num_channels, 1);
    assert.equal(
      counted['drupalrt_node_messages_sent_count{type="publication"}'],
      1,
    );
    assert.equal(counted['drupalrt_client_commands{method="publish"}'], 1);
    assert.equal(
      counted[
        'drupalrt_client_connections_accepted{transport="websocket",encoding="json"}'
      ],
      1,
    );
    made.disconnect();
    const live = await fetch(`http://127.0.0.1:${broker.port}/metrics`);
    assert.equal(live.status, 404, 'not for the public');
  }));
