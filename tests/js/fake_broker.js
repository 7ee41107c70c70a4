/**
 * @file
 * A broker inside the test: hands out WebSockets and streams over HTTP, answers
 * the client protocol.
 */

/**
 * Plays the broker's side of every socket that its `WebSocket` class opens.
 */
export class FakeBroker {
  /** Sockets ever opened, and the commands of all of them, in order. */
  sockets = [];

  commands = [];

  /** Does the broker take connections at present? */
  up = true;

  /** Answers to subscriptions by channel: {error} or {subscribe}. */
  answers = new Map();

  /** What it subscribes every session to by itself: {channel: {}}. */
  subs = {};

  /** Answers to other commands by kind: {result} is taken as it is. */
  results = new Map();

  /** The requests of streams and of what is said beside them, in order. */
  requests = [];

  constructor() {
    const broker = this;
    this.WebSocket = class extends FakeSocket {
      constructor(address) {
        super(address, broker);
      }
    };
    this.EventSource = class extends FakeEventSource {
      constructor(address, options) {
        super(address, options, broker);
      }
    };
    this.fetch = (address, options) => this.#serve(address, options);
  }

  /** The socket or stream that is open now, if any. */
  get open() {
    return this.sockets.find((socket) => socket.readyState === 1);
  }

  async #serve(address, { body, credentials, signal }) {
    if (!this.up) {
      throw new TypeError('Failed to fetch');
    }
    if (address.endsWith('/health')) {
      return { ok: false, type: 'opaque' };
    }
    this.requests.push({ address, credentials });
    if (!address.endsWith('/emulation')) {
      const stream = new FakeStream(this, signal);
      stream.send(body);
      return { ok: true, body: stream.readable };
    }
    this.open.send(JSON.parse(body).data);
    return { ok: true, status: 204 };
  }

  /** The commands of one kind, such as 'subscribe'. */
  seen(kind) {
    return this.commands
      .filter((command) => command[kind])
      .map((command) => command[kind]);
  }

  /** Pushes a publication to the page. */
  publish(channel, data) {
    this.push({ channel, pub: { data } });
  }

  push(push) {
    this.open.deliver(JSON.stringify({ push }));
  }

  /** Dies, or closes every connection with a code. */
  stop(code = 1006, reason = '') {
    this.up = false;
    this.sockets.forEach((socket) => socket.die(code, reason));
  }

  start() {
    this.up = true;
  }

  /** Takes one command, returns its reply. */
  reply(command) {
    this.commands.push(command);
    const { id } = command;
    if (command.connect) {
      return {
        id,
        connect: {
          client: `c${this.sockets.length}`,
          version: 't',
          subs: this.subs,
        },
      };
    }
    if (command.subscribe) {
      const { channel } = command.subscribe;
      return { id, ...(this.answers.get(channel) ?? { subscribe: {} }) };
    }
    if (command.publish) {
      return {
        id,
        ...(this.answers.get(command.publish.channel) ?? { publish: {} }),
      };
    }
    const kind = Object.keys(command).find((key) => key !== 'id');
    return { id, [kind]: this.results.get(kind) ?? {} };
  }
}

/**
 * The part of a WebSocket that the SDK uses.
 */
class FakeSocket {
  readyState = 0;

  constructor(address, broker) {
    this.url = address;
    this.broker = broker;
    broker.sockets.push(this);
    queueMicrotask(() => {
      if (!broker.up) {
        this.die(1006, '');
        return;
      }
      this.readyState = 1;
      this.onopen?.();
    });
  }

  send(text) {
    const replies = text
      .split('\n')
      .filter((line) => line !== '' && line !== '{}')
      .map((line) => JSON.stringify(this.broker.reply(JSON.parse(line))));
    queueMicrotask(() => this.deliver(replies.join('\n')));
  }

  deliver(text) {
    if (this.readyState === 1 && text !== '') {
      this.onmessage?.({ data: text });
    }
  }

  close(code = 1000, reason = '') {
    this.die(code, reason);
  }

  die(code, reason) {
    if (this.readyState !== 3) {
      this.readyState = 3;
      this.onclose?.({ code, reason });
    }
  }
}

/**
 * The answer to a request that goes on for as long as the connection.
 */
class FakeStream {
  readyState = 1;

  constructor(broker, signal) {
    this.broker = broker;
    this.readable = new ReadableStream({
      start: (controller) => {
        this.controller = controller;
      },
    });
    signal.addEventListener('abort', () => this.die());
    broker.sockets.push(this);
  }

  send(text) {
    FakeSocket.prototype.send.call(this, text);
  }

  deliver(text) {
    if (this.readyState === 1 && text !== '') {
      this.controller.enqueue(new TextEncoder().encode(`${text}\n`));
    }
  }

  die() {
    if (this.readyState !== 3) {
      this.readyState = 3;
      this.controller.close();
    }
  }
}

/**
 * The part of an EventSource that the SDK uses.
 */
class FakeEventSource {
  readyState = 1;

  constructor(address, options, broker) {
    this.broker = broker;
    broker.requests.push({ address, ...options });
    broker.sockets.push(this);
    queueMicrotask(() => {
      this.onopen?.();
      this.send(new URL(address).searchParams.get('cf_connect'));
    });
  }

  send(text) {
    FakeSocket.prototype.send.call(this, text);
  }

  deliver(text) {
    if (this.readyState === 1 && text !== '') {
      text.split('\n').forEach((data) => this.onmessage?.({ data }));
    }
  }

  close() {
    this.readyState = 3;
  }

  die() {
    this.close();
    this.onerror?.({});
  }
}

/**
 * A client of that broker on a page of its own.
 */
export const page = (protocol = 'http:') => ({
  protocol,
  hostname: 'site.test',
  href: `${protocol}//site.test/node/1`,
});

/** Waits until a condition holds; fails where that takes absurdly long. */
export async function until(condition) {
  const deadline = Date.now() + 10000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`It never came true: ${condition}`);
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
