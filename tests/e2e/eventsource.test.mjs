/** A plain EventSource, without any client of ours. */
import assert from 'node:assert/strict';
import { stack, test } from './support/test.mjs';

// Opens one in the page; the messages gather in window.heard.
const listen = (page, address, subs) =>
  page.evaluate(
    ([url, request]) => {
      globalThis.heard = [];
      const query = encodeURIComponent(JSON.stringify(request));
      const source = new globalThis.EventSource(`${url}?cf_connect=${query}`, {
        withCredentials: true,
      });
      source.onmessage = ({ data }) => {
        globalThis.heard.push(JSON.parse(data));
      };
      globalThis.source = source;
    },
    [address, { subs }],
  );

const heard = async (page, count) => {
  await page.waitForFunction((n) => globalThis.heard.length >= n, count);
  return page.evaluate(() => globalThis.heard);
};

test('An EventSource is known by its cookie, from another port, too', async ({
  arrive,
}) => {
  const url = `http://127.0.0.1:${stack.brokerPort}/connection/uni_sse`;
  const member = await arrive('member');
  const visitor = await arrive('');
  for (const person of [member, visitor]) {
    await person.open('/notes');
    await listen(person.page, url, { 'members:news': {}, 'notes:list': {} });
  }
  const [{ connect: known }] = await heard(member.page, 1);
  const [{ connect: unknown }] = await heard(visitor.page, 1);
  assert.ok('members:news' in known.subs, 'whoever is signed in may');
  assert.ok(!('members:news' in unknown.subs), 'nobody else');
  assert.ok('notes:list' in unknown.subs);

  await stack.api('publish', { channel: 'members:news', data: { n: 1 } });
  await stack.api('publish', { channel: 'notes:list', data: { n: 2 } });
  const all = await heard(member.page, 3);
  assert.deepEqual(all[1], {
    channel: 'members:news',
    pub: { data: { n: 1 } },
  });
  assert.deepEqual(all[2], { channel: 'notes:list', pub: { data: { n: 2 } } });
  assert.equal((await heard(visitor.page, 2))[1].channel, 'notes:list');
});

test('An EventSource comes back by itself', async ({ arrive }) => {
  const url = `http://127.0.0.1:${stack.brokerPort}/connection/uni_sse`;
  const member = await arrive('member');
  await member.open('/notes');
  await listen(member.page, url, { 'members:news': {} });
  const [{ connect }] = await heard(member.page, 1);
  await stack.api('disconnect', { session: connect.session, code: 3000 });
  const all = await heard(member.page, 3);
  assert.equal(all[1].disconnect.code, 3000);
  assert.notEqual(all[2].connect.client, connect.client);
});
