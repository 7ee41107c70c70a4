// Sites whose sessions lie beside the database, or where the broker cannot
// read them at all.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import WebSocket from 'ws';

import { Broker } from './broker.mjs';
import { client, connected, subscribed, told } from './client.mjs';
import { Link } from './link.mjs';
import {
  accounts,
  documentHandler,
  php,
  SessionStore,
} from './session_stores.mjs';

const SECRET = 'the secret of these tests, 32 characters';
const ID = 'QmF,0-Tz8kLw,1-Rv5pXn2';
const COOKIE = `SESSx=${encodeURIComponent(ID)}`;
const HASH = createHash('sha256').update(ID).digest('base64url');

const site = (session, path, more = {}) => ({
  version: 1,
  key: 'site',
  secret: SECRET,
  hosts: ['page.test'],
  origins: ['http://page.test'],
  cookies: { http: ['SESSx'] },
  session,
  database: { driver: 'sqlite', path },
  namespaces: [
    { name: 'news', subscribe: 'everyone', presence: true },
    { name: 'members', subscribe: 'logged-in', presence: true },
  ],
  ...more,
});
const page = (more = {}) => ({ origin: 'http://page.test', ...more });

// Who the client that is in the channel is, as the broker knows it.
async function userOf(link, channel, { client: id }) {
  const { result } = await link.call('presence', { channel });
  return result.presence[id]?.user;
}

// What the broker closes a connection of that cookie with.
async function closeCode(broker, cookie) {
  const socket = new WebSocket(broker.url, {
    origin: 'http://page.test',
    headers: { Cookie: cookie },
  });
  await once(socket, 'open');
  socket.send('{"id":1,"connect":{}}');
  const [code] = await once(socket, 'close');
  return code;
}

let dir;
let path;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'rt-sessions-'));
  path = accounts(dir);
});
after(() => rmSync(dir, { recursive: true, force: true }));

// A broker with one site, whose sessions are as given.
async function started(session, more) {
  const broker = await Broker.start({ sites: [site(session, path, more)] });
  const link = await Link.open(broker.socket);
  link.select('site', SECRET);
  const remove = async () => {
    link.close();
    await broker.remove();
  };
  return { broker, link, remove };
}

for (const kind of ['redis', 'memcached']) {
  test(`${kind}: a browser is who PHP's session says, until PHP ends it`, async (t) => {
    const store = await SessionStore.start(kind);
    t.after(() => store.remove());
    const { broker, link, remove } = await started(store.session);
    t.after(remove);
    store.signIn(ID, 2);
    const made = await connected(broker, page({ cookie: COOKIE }));
    const news = await subscribed(made, 'news:1');
    assert.equal(await userOf(link, 'news:1', made.context), '2');

    // The module names a session by the hash that Drupal's table has.
    store.signOut(ID);
    const gone = told(made, 'connecting');
    const back = told(made, 'connected');
    const notice = { sessions: [HASH] };
    assert.ok((await link.call('site', { notice, key: 'site' })).result);
    assert.equal((await gone).code, 4001);
    const again = await back;
    await news.ready();
    assert.equal(await userOf(link, 'news:1', again), '');
    made.disconnect();
    assert.ok(!broker.log.includes(ID), broker.log);
  });

  test(`${kind}: a right that changes is looked up by the session again`, async (t) => {
    const store = await SessionStore.start(kind);
    t.after(() => store.remove());
    const { broker, link, remove } = await started(store.session);
    t.after(remove);
    store.signIn(ID, 2);
    const made = await connected(broker, page({ cookie: COOKIE }));
    const members = await subscribed(made, 'members:1');
    const ended = told(made, 'connecting');
    const back = told(made, 'connected');
    // Somebody else's session by now, of which only the user's notice tells.
    store.signIn(ID, 3);
    const notice = { users: [2] };
    assert.ok((await link.call('site', { notice, key: 'site' })).result);
    assert.equal((await ended).code, 4001);
    const again = await back;
    await members.ready();
    assert.equal(await userOf(link, 'members:1', again), '3');
    made.disconnect();
  });

  test(`${kind}: while the store is away nobody is taken for a visitor`, async (t) => {
    const store = await SessionStore.start(kind);
    t.after(() => store.remove());
    const { broker, remove } = await started(store.session);
    t.after(remove);
    store.signIn(ID, 2);
    const before = await connected(broker, page({ cookie: COOKIE }));
    await store.kill();

    // More than once, for what is remembered of a failure is no answer either.
    for (let i = 0; i < 3; ++i) {
      assert.equal(await closeCode(broker, 'SESSx=another'), 3004);
    }
    assert.equal(before.state, 'connected');
    assert.match(broker.log, /site site: sessions cannot be read: /);

    await store.launch();
    const late = await connected(broker, page({ cookie: 'SESSx=another' }));
    late.disconnect();
    before.disconnect();
  });
}

test('where only PHP knows the sessions, a token is the way in', async (t) => {
  const session = {
    handler: 'Acme\\DocumentSessionHandler',
    serializer: 'php',
  };
  const { broker, link, remove } = await started(session, { anonymous: false });
  t.after(remove);
  const handler = documentHandler(join(dir, 'documents'));
  php(`${handler} session_id('${ID}'); session_start();
       $_SESSION['_sf2_attributes'] = ['uid' => '2'];`);

  // The cookie is good, to PHP alone: the broker does not guess.
  const byCookie = client(broker, page({ cookie: COOKIE }));
  const refused = told(byCookie, 'disconnected');
  byCookie.connect();
  assert.equal((await refused).code, 3501);
  assert.match(broker.log, /site site: cookies cannot say who a browser is/);
  assert.match(broker.log, /DocumentSessionHandler/);
  const { result } = await link.call('site');
  assert.equal(result.sites[0].native_login, false);
  assert.match(result.sites[0].reason, /DocumentSessionHandler.*/);

  // A page that PHP serves for that cookie says so in a token.
  const made = php(`${handler} session_id('${ID}'); session_start();
    $b64 = fn ($bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $signed = $b64(json_encode(['alg' => 'HS256', 'typ' => 'JWT'])) . '.' .
      $b64(json_encode(['sub' => $_SESSION['_sf2_attributes']['uid'],
                        'exp' => time() + 600]));
    echo "$signed." . $b64(hash_hmac('sha256', $signed, '${SECRET}', TRUE));`);
  const byToken = await connected(
    broker,
    page({ cookie: COOKIE, token: made }),
  );
  await subscribed(byToken, 'members:1');
  assert.equal(await userOf(link, 'members:1', byToken.context), '2');
  byToken.disconnect();
});
