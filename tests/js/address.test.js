import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  endpoints,
  isMixedContent,
} from '../../drupal_module/drupalrt/js/src/address.js';
import { page } from './fake_broker.js';

const socketAddress = (url, location) => endpoints(url, location).websocket;

test('without a setting the broker is on port 8000 of the page', () => {
  assert.equal(
    socketAddress('', page()),
    'ws://site.test:8000/connection/websocket',
  );
});

test('a page on https asks for an encrypted socket', () => {
  assert.equal(
    socketAddress('', page('https:')),
    'wss://site.test:8000/connection/websocket',
  );
});

test('a setting names the broker as http, ws, or a path of the site', () => {
  const cases = {
    'https://rt.test': 'wss://rt.test/connection/websocket',
    'http://rt.test:81/': 'ws://rt.test:81/connection/websocket',
    'wss://rt.test/drupalrt': 'wss://rt.test/drupalrt/connection/websocket',
    '/drupalrt/': 'ws://site.test/drupalrt/connection/websocket',
    'ws://rt.test/connection/websocket': 'ws://rt.test/connection/websocket',
    'ws://rt.test/x?a=b#c': 'ws://rt.test/x/connection/websocket?a=b',
  };
  Object.entries(cases).forEach(([url, address]) =>
    assert.equal(socketAddress(url, page()), address),
  );
});

test('streams and what is said beside them are at the same place', () => {
  assert.deepEqual(endpoints('/push/connection/websocket', page('https:')), {
    websocket: 'wss://site.test/push/connection/websocket',
    http_stream: 'https://site.test/push/connection/http_stream',
    sse: 'https://site.test/push/connection/sse',
    emulation: 'https://site.test/push/emulation',
    health: 'https://site.test/push/health',
  });
  assert.deepEqual(endpoints('ws://rt.test:81', page()), {
    websocket: 'ws://rt.test:81/connection/websocket',
    http_stream: 'http://rt.test:81/connection/http_stream',
    sse: 'http://rt.test:81/connection/sse',
    emulation: 'http://rt.test:81/emulation',
    health: 'http://rt.test:81/health',
  });
});

test('an unencrypted socket on an https page is mixed content', () => {
  assert.equal(isMixedContent('ws://rt.test/', page('https:')), true);
  assert.equal(isMixedContent('wss://rt.test/', page('https:')), false);
  assert.equal(isMixedContent('ws://rt.test/', page('http:')), false);
});

test('the machine itself is no mixed content', () => {
  ['ws://localhost:8000/', 'ws://127.0.0.1:8000/', 'ws://[::1]:8000/'].forEach(
    (address) => assert.equal(isMixedContent(address, page('https:')), false),
  );
});
