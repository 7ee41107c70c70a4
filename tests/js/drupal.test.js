import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeBroker, page, until } from './fake_broker.js';

const SOURCE = '../../drupal_module/drupalrt/js/src/drupal.js';

let broker;
let copies = 0;

/** Loads the script into a page with such globals; answers its window. */
async function load(globals = {}, json = null) {
  globalThis.window = globals;
  globalThis.document = {
    querySelector: () => (json === null ? null : { textContent: json }),
  };
  copies += 1;
  await import(`${SOURCE}?copy=${copies}`);
  return globals;
}

beforeEach(() => {
  broker = new FakeBroker();
  globalThis.former = globalThis.WebSocket;
  globalThis.WebSocket = broker.WebSocket;
  globalThis.location = page();
});

afterEach(() => {
  globalThis.window.Drupal.drupalrt.disconnect();
  globalThis.WebSocket = globalThis.former;
  ['window', 'document', 'location', 'former'].forEach((name) => {
    delete globalThis[name];
  });
});

test('in Drupal it joins what is there, and takes its settings', async () => {
  const Drupal = { behaviors: {} };
  await load({ Drupal, drupalSettings: { drupalrt: { url: '/push' } } });
  Drupal.drupalrt.channel('node:7').on(() => {});
  await until(() => Drupal.drupalrt.state === 'connected');
  assert.equal(
    broker.sockets[0].url,
    'ws://site.test/push/connection/websocket',
  );
  assert.deepEqual(Drupal.behaviors, {});
});

test('on a plain page it makes Drupal up, and reads the settings late', async () => {
  const window = await load();
  window.drupalSettings = { drupalrt: { url: 'http://rt.test' } };
  window.Drupal.drupalrt.connect();
  assert.equal(broker.sockets[0].url, 'ws://rt.test/connection/websocket');
});

test('settings as Drupal writes them into a page do, too', async () => {
  const { Drupal } = await load({}, '{"drupalrt":{"url":"/json"}}');
  Drupal.drupalrt.connect();
  assert.equal(
    broker.sockets[0].url,
    'ws://site.test/json/connection/websocket',
  );
});

test('without settings, or with broken ones, it asks the usual port', async () => {
  const { Drupal } = await load({}, '{broken');
  Drupal.drupalrt.connect();
  assert.equal(
    broker.sockets[0].url,
    'ws://site.test:8000/connection/websocket',
  );
});

test('loaded twice, a page still has one connection', async () => {
  const window = await load({ Drupal: {} });
  const first = window.Drupal.drupalrt;
  await load(window);
  assert.equal(window.Drupal.drupalrt, first);
});

test('the events of the connection can be had and left', async () => {
  const { Drupal } = await load();
  const states = [];
  const listener = ({ state }) => states.push(state);
  assert.equal(Drupal.drupalrt.state, 'disconnected');
  Drupal.drupalrt.on('state', listener).connect();
  await until(() => Drupal.drupalrt.state === 'connected');
  Drupal.drupalrt.off('state', listener).disconnect();
  assert.deepEqual(states, ['connecting', 'connected']);
});

test('publishing goes by the same connection', async () => {
  const { Drupal } = await load();
  await Drupal.drupalrt.publish('chat:1', 'hello');
  assert.deepEqual(broker.seen('publish'), [
    { channel: 'chat:1', data: 'hello' },
  ]);
  assert.equal(broker.sockets.length, 1);
});
