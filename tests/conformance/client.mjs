// The official JavaScript client, and promises for what it tells by events.
import { Centrifuge } from 'centrifuge';
import WebSocket from 'ws';

// A WebSocket that says the Origin and cookies a browser would say.
function browserSocket({ origin, cookie } = {}) {
  return class extends WebSocket {
    constructor(url, protocols) {
      const headers = cookie === undefined ? {} : { Cookie: cookie };
      super(url, protocols, { origin, headers });
    }
  };
}

export function client(broker, { origin, cookie, ...options } = {}) {
  return new Centrifuge(broker.url, {
    websocket: browserSocket({ origin: origin ?? broker.origin, cookie }),
    minReconnectDelay: 20,
    maxReconnectDelay: 100,
    ...options,
  });
}

export const told = (emitter, event) =>
  new Promise((done) => {
    emitter.once(event, done);
  });

export async function connected(broker, options) {
  const made = client(broker, options);
  const done = told(made, 'connected');
  made.connect();
  made.context = await done;
  return made;
}

export async function subscribed(made, channel, options) {
  const subscription = made.newSubscription(channel, options);
  const done = told(subscription, 'subscribed');
  subscription.subscribe();
  subscription.context = await done;
  subscription.seen = [];
  subscription.on('publication', ({ data }) => subscription.seen.push(data));
  return subscription;
}

// Waits until the subscription has seen so many.
export async function seen(subscription, count) {
  while (subscription.seen.length < count) {
    await told(subscription, 'publication');
  }
  return subscription.seen;
}
