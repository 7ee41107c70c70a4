/**
 * People without a browser: signed in over HTTP, and live by the client that
 * the browsers use. So it can be said to the millisecond when they hear what.
 */
import { Centrifuge } from 'centrifuge';
import WebSocket from 'ws';
import { until } from '../../../demo/runner/wait.mjs';
import { PASSWORD } from './people.mjs';
import { site } from './site.mjs';

/** What is promised for changes that are made through Drupal. */
const PROMISE_MS = 1000;

const CLOSED = 'connecting';

const open = new Set();

/** Ends all connections, also those of tests that failed. */
export function everybodyLeaves() {
  [...open].forEach((live) => live.leave());
}

/** Signs somebody in by Drupal's form; returns the Cookie header. */
export async function signIn(name, password = PASSWORD) {
  const form = { form_id: 'user_login_form', name, pass: password };
  const response = await fetch(`${site.url}/user/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...form, op: 'Log in' }),
  });
  const cookies = response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .filter((cookie) => /^S?SESS/.test(cookie));
  if (response.status !== 303 || cookies.length !== 1) {
    throw new Error(`${name} cannot sign in: ${response.status}`);
  }
  return cookies[0];
}

/** Somebody whose connection is open and whose channels are subscribed. */
export class Live {
  #client;
  /** What happened: {what, at}, in order. */
  events = [];

  /** cookie: a Cookie header, or '' for a visitor. */
  constructor(cookie) {
    const headers = cookie ? { Cookie: cookie } : {};
    class Socket extends WebSocket {
      constructor(url, protocols) {
        super(url, protocols, { origin: site.url, headers });
      }
    }
    const address = `ws://127.0.0.1:${site.brokerPort}/connection/websocket`;
    this.#client = new Centrifuge(address, {
      websocket: Socket,
      minReconnectDelay: 20,
      maxReconnectDelay: 100,
    });
    this.#client.on('connected', () => this.#note('connected'));
    this.#client.on(CLOSED, ({ code }) => this.#note(`closed ${code}`));
    this.#client.on('disconnected', ({ code }) => this.#note(`gone ${code}`));
  }

  /** Connects and subscribes; names of channels that are refused are heard. */
  static async open(cookie, channels = []) {
    const live = new Live(cookie);
    open.add(live);
    live.#client.connect();
    await live.hears('connected');
    await Promise.all(channels.map((name) => live.subscribe(name)));
    return live;
  }

  /** Subscribes once; true where it was let in. */
  async subscribe(name) {
    const known = this.#client.getSubscription(name);
    known?.unsubscribe();
    const subscription = known ?? this.#client.newSubscription(name);
    if (!known) {
      subscription.on('subscribed', () => this.#note(`in ${name}`));
      subscription.on('unsubscribed', ({ code }) =>
        // 0: by ourselves, to try again.
        code === 0 ? 0 : this.#note(`out ${name} ${code}`),
      );
    }
    const from = this.events.length;
    subscription.subscribe();
    const answer = await this.hears(new RegExp(`^(in|out) ${name}`), from);
    return answer.what.startsWith('in');
  }

  /** The first event of that text or pattern, counted from the index. */
  async hears(what, from = 0, patienceMs = 10000) {
    const fits = (event) =>
      what instanceof RegExp ? what.test(event.what) : event.what === what;
    const find = () => this.events.slice(from).find(fits);
    try {
      await until(`"${what}"`, () => find() !== undefined, patienceMs);
    } catch (error) {
      const heard = this.events.map((event) => event.what).join(', ');
      throw new Error(`${error.message} Heard: ${heard}`);
    }
    return find();
  }

  /** Whether nothing happened since the index. */
  isQuiet(from) {
    return this.events.length === from;
  }

  leave() {
    open.delete(this);
    this.#client.disconnect();
  }

  #note(what) {
    this.events.push({ what, at: Date.now() });
  }
}

/**
 * Makes a change and waits until somebody hears of it, within what is promised;
 * says how long it took.
 *
 * change: makes it and returns when it was made, in milliseconds since 1970.
 */
export async function effect(t, live, what, change) {
  const from = live.events.length;
  const made = await change();
  const { at } = await live.hears(what, from, PROMISE_MS);
  const ms = Math.round(at - made);
  t.diagnostic(`${t.name}: ${ms > 0 ? `${ms} ms` : 'before the answer'}`);
}

/** The same where nothing is said and one has to ask for a channel again. */
export async function admitted(t, live, channel, change) {
  const made = await change();
  await until(
    `The way into ${channel}`,
    () => live.subscribe(channel),
    PROMISE_MS,
  );
  t.diagnostic(`${t.name}: ${Math.round(Date.now() - made)} ms at most`);
}
