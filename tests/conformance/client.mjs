// The official JavaScript client, and promises for what it tells by events.
import { Centrifuge } from 'centrifuge';
import { Centrifuge as ProtobufCentrifuge } from 'centrifuge/build/protobuf';
import EventSource from 'eventsource';
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

// Encoding and transport, as `client` takes them for `kind`.
export const kinds = [
  'json websocket',
  'json http_stream',
  'json sse',
  'protobuf websocket',
  'protobuf http_stream',
];

// What carries the encoded streams, as a browser of that page would.
function fetchAs({ origin, cookie }) {
  return (url, options = {}) => {
    const headers = { ...options.headers, Origin: origin };
    if (cookie !== undefined) headers.Cookie = cookie;
    return fetch(url, { ...options, headers });
  };
}
function eventSourceAs({ origin, cookie }) {
  return class extends EventSource {
    constructor(url) {
      const headers = { Origin: origin };
      if (cookie !== undefined) headers.Cookie = cookie;
      super(url, { headers });
    }
  };
}

export function client(broker, options = {}) {
  const { kind = 'json websocket', origin, cookie, ...rest } = options;
  const [encoding, transport] = kind.split(' ');
  const page = { origin: origin ?? broker.origin, cookie };
  const base = `http://127.0.0.1:${broker.port}`;
  const endpoint =
    transport === 'websocket' ? broker.url : `${base}/connection/${transport}`;
  const Client = encoding === 'json' ? Centrifuge : ProtobufCentrifuge;
  const made = new Client([{ transport, endpoint }], {
    websocket: browserSocket(page),
    fetch: fetchAs(page),
    readableStream: ReadableStream,
    eventsource: eventSourceAs(page),
    emulationEndpoint: `${base}/emulation`,
    minReconnectDelay: 20,
    maxReconnectDelay: 100,
    ...rest,
  });
  made.kind = kind;
  return made;
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

const decoded = (bytes) => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return bytes;
  }
};

export async function subscribed(made, channel, options) {
  const subscription = made.newSubscription(channel, options);
  const done = told(subscription, 'subscribed');
  subscription.seen = []; // as JSON, in Protobuf too
  subscription.raw = [];
  const json = made.kind.startsWith('json');
  subscription.on('publication', (context) => {
    subscription.raw.push(context.data);
    if (!json) context.data = decoded(context.data);
    subscription.seen.push(context.data);
  });
  if (!json) {
    const publish = subscription.publish.bind(subscription);
    subscription.publish = (data) =>
      publish(new TextEncoder().encode(JSON.stringify(data)));
    const history = subscription.history.bind(subscription);
    subscription.history = async (what) => {
      const result = await history(what);
      for (const one of result.publications) one.data = decoded(one.data);
      return result;
    };
  }
  subscription.subscribe();
  subscription.context = await done;
  return subscription;
}

// Waits until the subscription has seen so many.
export async function seen(subscription, count) {
  while (subscription.seen.length < count) {
    await told(subscription, 'publication');
  }
  return subscription.seen;
}
