/** Who may do what: the broker decides by Drupal's tables. */
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { publish, subscribe } from './support/page.mjs';
import { stack, test } from './support/test.mjs';

const DENIED = 103;

test('A visitor is refused the members’ channel, and told so', async ({
  arrive,
}) => {
  const visitor = await arrive('');
  await visitor.openLive('/');

  await visitor.page.locator('#news-state:has-text("103")').waitFor();
  assert.equal(await subscribe(visitor, 'chat:lounge'), DENIED);
  assert.equal(await subscribe(visitor, 'notes:list'), 'subscribed');
});

test('A member has the members’ channel', async ({ arrive }) => {
  const editor = await arrive('editor');
  const member = await arrive('member');
  await member.openLive('/');
  await editor.openLive('/notes');

  await editor.saveNote('News for members');

  await member.page
    .locator('#news:has-text("editor wrote “News for members”")')
    .waitFor();
});

test('A permission opens a channel, its absence closes it', async ({
  arrive,
}) => {
  const member = await arrive('member');
  const agent = await arrive('agent');
  const admin = await arrive('admin');
  await Promise.all([member.live(), agent.live(), admin.live()]);

  assert.equal(await subscribe(member, 'desk:line'), DENIED);
  assert.equal(await subscribe(agent, 'desk:line'), 'subscribed');
  assert.equal(await subscribe(admin, 'desk:line'), 'subscribed');
});

test('A browser publishes where a rule allows it, and nowhere else', async ({
  arrive,
}) => {
  const member = await arrive('member');
  await member.openLive('/chat');
  await member.page.waitForFunction(
    () =>
      globalThis.Drupal.drupalrt.channel('chat:lounge').state === 'subscribed',
  );

  assert.equal(
    await publish(member, 'chat:lounge', { text: 'Hi' }),
    'published',
  );
  assert.equal(await publish(member, 'members:news', {}), DENIED);
  assert.equal(await publish(member, 'notes:list', {}), DENIED);
});

test('Nobody listens to another person’s own channel', async ({ arrive }) => {
  const member = await arrive('member');
  await member.live();
  const code = await member.page.evaluate(
    () =>
      new Promise((resolve) => {
        // The client leaves user: to the broker, so it is asked beneath it.
        const { url } = JSON.parse(
          globalThis.document.querySelector(
            '[data-drupal-selector="drupal-settings-json"]',
          ).textContent,
        ).drupalrt;
        const socket = new WebSocket(
          `${url.replace('http', 'ws')}/connection/websocket`,
        );
        socket.onopen = () =>
          socket.send(
            '{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"user:1"}}',
          );
        socket.onmessage = ({ data }) =>
          data
            .split('\n')
            .map((line) => JSON.parse(line))
            .filter((reply) => reply.id === 2)
            .forEach((reply) => {
              socket.close();
              resolve(reply.error?.code ?? 'subscribed');
            });
      }),
  );
  assert.equal(code, DENIED);
});

test('A role given opens a channel at once, taken it closes it', async ({
  arrive,
}) => {
  const admin = await arrive('admin');
  const member = await arrive('second member');
  await member.live();
  assert.equal(await subscribe(member, 'desk:line'), DENIED);
  await admin.open('/people');
  const row = admin.page.locator('.roster li', { hasText: 'second member' });

  await row.getByLabel('Agent').check();
  await row.getByRole('button', { name: 'Save second member' }).click();
  await admin.page.waitForLoadState();
  await member.openLive('/line');
  await member.page.locator('#desk').waitFor();
  await member.page.waitForFunction(
    () =>
      globalThis.Drupal.drupalrt.channel('desk:line').state === 'subscribed',
  );

  await member.page.evaluate(() => {
    globalThis.Drupal.drupalrt
      .channel('desk:line')
      .on('unsubscribed', ({ code }) => {
        globalThis.refusal = code;
      });
  });
  await row.getByLabel('Agent').uncheck();
  await row.getByRole('button', { name: 'Save second member' }).click();
  await member.page.waitForFunction(() => globalThis.refusal);
  assert.equal(await member.page.evaluate(() => globalThis.refusal), 2100);
});

test('A blocked account does not get in', async ({ arrive }) => {
  const visitor = await arrive('');
  await visitor.open('/login');
  await visitor.page.fill('.card [name=name]', 'blocked');
  await visitor.page.fill('.card [name=password]', 'demo');
  await visitor.page.click('.card button');

  await visitor.page.locator('.error:has-text("sign nobody in")').waitFor();
  // The browser notes the answer's status, as it should.
  visitor.errors = visitor.errors.filter((line) => !line.includes('403'));
});

test('A page of another origin is refused', async ({ browser }) => {
  const foreign = createServer((_, response) =>
    response.end('<title>x</title>'),
  );
  await new Promise((done) => foreign.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${foreign.address().port}`;
  const page = await browser.newPage();
  try {
    await page.goto(origin);
    const closed = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve('open');
          socket.onclose = ({ code }) => resolve(code);
        }),
      `ws://127.0.0.1:${stack.brokerPort}/connection/websocket`,
    );
    assert.equal(closed, 1006);
    assert.equal(await handshake(origin), 403);
    assert.equal(await handshake(stack.site.url), 101);
  } finally {
    await page.close();
    foreign.close();
  }
});

/** The status with which the broker answers a WebSocket handshake. */
function handshake(origin) {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: stack.brokerPort,
      path: '/connection/websocket',
      headers: {
        Origin: origin,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}
