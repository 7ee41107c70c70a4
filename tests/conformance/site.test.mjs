// Sites: who registers, who is let in, and what outlives the broker.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Broker } from './broker.mjs';
import { client, connected, seen, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';

const SECRET = 's'.repeat(40);
const site = (key, more = {}) => ({
  version: 1,
  key,
  hosts: [`${key}.test`],
  origins: [`http://${key}.test`],
  namespaces: [{ name: 'news', subscribe: 'everyone' }],
  ...more,
});

let broker;
let link;
before(async () => {
  broker = await Broker.start();
  link = await Link.open(broker.socket);
});
after(async () => {
  link.close();
  await broker.remove();
});

test('a site registers itself, and its browsers get in', async () => {
  const answer = await link.call('site', { document: site('one') });
  assert.equal(answer.result.key, 'one');
  assert.equal(answer.result.native_login, false);
  assert.match(answer.result.reason, /database/i);
  const made = await connected(broker, { origin: 'http://one.test' });
  const news = await subscribed(made, 'news:1');
  link.publish('news:1', 'hello');
  assert.deepEqual(await seen(news, 1), ['hello']);
  made.disconnect();
});

test('a bad document changes nothing, and says where it is wrong', async () => {
  const { error } = await link.call('site', {
    document: { ...site('one'), hosst: [] },
  });
  assert.equal(error.code, 107);
  assert.match(error.message, /hosst/);
  assert.match(error.message, /hosts/);
  const { result } = await link.call('site');
  assert.deepEqual(
    result.sites.map(({ key }) => key),
    ['one'],
  );
});

test('two sites are two worlds, and one must be selected', async () => {
  assert.ok(
    (await link.call('site', { document: site('two', { secret: SECRET }) }))
      .result,
  );
  const one = await connected(broker, { origin: 'http://one.test' });
  const two = await connected(broker, { origin: 'http://two.test' });
  const newsOne = await subscribed(one, 'news:1');
  const newsTwo = await subscribed(two, 'news:1');
  const unsaid = await link.publish('news:1', 'whose?', true);
  assert.equal(unsaid.error.code, 103);
  assert.match(unsaid.error.message, /one, two/);
  link.select('one', '');
  assert.equal(
    (await link.publish('news:1', 'for one', true)).result.receivers,
    1,
  );
  link.select('two', 'wrong');
  assert.equal((await link.publish('news:1', 'forged', true)).error.code, 103);
  link.select('two', SECRET);
  assert.equal(
    (await link.publish('news:1', 'for two', true)).result.receivers,
    1,
  );
  assert.deepEqual(await seen(newsOne, 1), ['for one']);
  assert.deepEqual(await seen(newsTwo, 1), ['for two']);
  one.disconnect();
  two.disconnect();
});

test('nobody takes another site’s origin', async () => {
  const stolen = site('three', { origins: ['http://one.test'] });
  const { error } = await link.call('site', { document: stolen });
  assert.equal(error.code, 103);
  assert.match(error.message, /belongs to the site "one"/);
});

test('a document is kept, for its owner’s eyes only, across a restart', async () => {
  const file = join(broker.dir, 'state', 'sites', 'one.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await broker.stop('SIGKILL');
  await broker.launch();
  const made = await connected(broker, { origin: 'http://one.test' });
  made.disconnect();
  link = await Link.open(broker.socket);
  assert.deepEqual(link.hello.sites, ['one', 'two']);
});

test('new rules reach those who are connected', async () => {
  const made = await connected(broker, { origin: 'http://one.test' });
  const news = await subscribed(made, 'news:1');
  const gone = told(news, 'unsubscribed');
  const closed = site('one', {
    namespaces: [{ name: 'news', subscribe: 'logged-in' }],
  });
  assert.ok((await link.call('site', { document: closed })).result);
  const { code, reason } = await gone;
  assert.equal(code, 2100);
  assert.equal(reason, 'permission changed');
  made.disconnect();
});

test('where sessions cannot be read, a cookie says nothing', async () => {
  const tokens = site('tokens', {
    cookies: { http: ['SESSleft'], https: ['SSESSleft'] },
    session: { handler: 'Acme\\Handler', serializer: 'php' },
  });
  assert.equal(
    (await link.call('site', { document: tokens })).result.native_login,
    false,
  );
  const made = await connected(broker, {
    origin: 'http://tokens.test',
    cookie: 'SESSleft=stale',
  });
  made.disconnect();
  assert.ok((await link.call('site', { remove: 'tokens' })).result);
});

test('a removed site is gone, with its browsers', async () => {
  const made = await connected(broker, { origin: 'http://one.test' });
  const gone = told(made, 'disconnected');
  assert.deepEqual(await link.call('site', { remove: 'one' }), { result: {} });
  assert.equal((await gone).code, 3503);
  const refused = client(broker, { origin: 'http://one.test' });
  const error = told(refused, 'error');
  refused.connect();
  await error;
  refused.disconnect();
  assert.equal((await link.call('site', { remove: 'one' })).error.code, 107);
});

test('a link of another protocol is told which side to restart', async () => {
  const late = Link.open(broker.socket, { protocol: 99 });
  const { hello } = await late;
  assert.equal(hello.code, 3);
  assert.match(hello.reason, /restart the broker/);
});
