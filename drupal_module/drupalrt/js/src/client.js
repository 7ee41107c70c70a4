/**
 * @file
 * A page's connection to the broker. Needs nothing of Drupal.
 *
 * A broker that is away is no error: the page works as it would without real
 * time, the client goes on trying, and nothing is thrown.
 */

import { Centrifuge } from 'centrifuge';
import { endpoints, isMixedContent } from './address.js';
import { Channel } from './channel.js';
import { Emitter } from './emitter.js';
import { Tokens } from './tokens.js';
import { Transports } from './transports.js';

/**
 * How long a page's resync waits for the last of its channels.
 */
const RESYNC_PATIENCE_MS = 1000;

/**
 * The broker's code for a session that is over: whoever comes back is another.
 */
const SESSION_ENDED = 4001;

/**
 * What a page's scripts use of the browser; each may be missing.
 */
const BROWSER = ['WebSocket', 'fetch', 'ReadableStream', 'EventSource'];

/**
 * Makes a client; it connects at the first listener, or by connect().
 *
 * @param {object} [options]
 *   All optional.
 * @param {string} [options.url]
 *   The broker's address, see endpoints().
 * @param {string} [options.token]
 *   A connection token; without one the session cookie says who it is.
 * @param {Function} [options.getToken]
 *   Fetches a new token when one is needed; a promise.
 * @param {object} [options.tokens]
 *   The site's routes for tokens, see Tokens.
 * @param {number} [options.minReconnectDelay]
 *   The shortest wait before a new attempt, in milliseconds.
 * @param {number} [options.maxReconnectDelay]
 *   The longest. In between it doubles, with full jitter, so that a broker
 *   that comes back is not met by everybody at once.
 * @param {Location} [options.location]
 *   The page's.
 * @param {object} [options.browser]
 *   Other WebSocket, fetch, ReadableStream and EventSource than the browser's
 *   own; null means that there is none.
 *
 * @return {Client}
 *   Not connected yet.
 */
export function createClient(options = {}) {
  return new Client(options);
}

/**
 * Events: `state` ({state, code, reason}), `connected`, `disconnected`,
 * `message`, and `resync` ({channels}): the connection is back and some
 * publications may have been missed, once after each outage.
 */
class Client {
  #options;

  #sdk = null;

  #emitter = new Emitter();

  #channels = new Map();

  #browser;

  #tokens;

  #state = 'disconnected';

  #wasConnected = false;

  // By the page's wish, or sent away by the broker for good: until connect().
  #closed = false;

  // The names of channels that missed something since the last resync, and
  // the timer that ends the wait for the others.
  #missed = new Set();

  #patience = null;

  constructor(options) {
    this.#options = options;
    this.#browser = Object.fromEntries(
      BROWSER.map((name) => [name, ownOf(name, options.browser)]),
    );
    this.#tokens = new Tokens(options.tokens ?? {}, this.#browser.fetch);
  }

  /**
   * The channel of that name; always the same object.
   *
   * @param {string} name
   *   Such as 'node:7'.
   * @param {object} [options]
   *   All optional; only the first caller's count.
   * @param {boolean|string} [options.token]
   *   true: fetched from the site, which asks its modules (see
   *   hook_drupalrt_subscription_access()). Or the token itself.
   * @param {Function} [options.getToken]
   *   Fetches one elsewhere; a promise.
   * @param {boolean} [options.recoverable]
   *   Ask for what was missed during an outage, where the namespace does not
   *   say so by force_recovery.
   * @param {boolean} [options.joinLeave]
   *   Ask for `join` and `leave`, where it does not by force_push_join_leave.
   * @param {boolean} [options.delta]
   *   Take differences to the publication before, where it allows them.
   * @param {object} [options.tagsFilter]
   *   Take only publications with such tags, as {key: 'lang', cmp: 'eq',
   *   val: 'de'}. Not together with delta.
   *
   * @return {Channel}
   *   Subscribed once somebody listens.
   */
  channel(name, options) {
    if (!this.#channels.has(name)) {
      const owner = {
        connection: () => this.#connection(),
        token: (channel) => this.#tokens.subscription(channel),
        settled: (channel, missed) => this.#settled(channel, missed),
      };
      this.#channels.set(name, new Channel(name, owner, options));
    }
    return this.#channels.get(name);
  }

  /**
   * Publishes to a channel, as channel(name).publish(data) does.
   */
  publish(name, data) {
    return this.channel(name).publish(data);
  }

  /**
   * Listens to the connection's events.
   */
  on(event, listener) {
    this.#emitter.add(event, listener);
    return this;
  }

  /**
   * Stops listening.
   */
  off(event, listener) {
    this.#emitter.remove(event, listener);
    return this;
  }

  /**
   * 'disconnected', 'connecting' or 'connected'.
   */
  get state() {
    return this.#state;
  }

  /**
   * Connects, unless that is so or under way.
   */
  connect() {
    this.#closed = false;
    this.#connection();
    return this;
  }

  /**
   * Disconnects, until connect().
   */
  disconnect() {
    this.#closed = true;
    this.#sdk?.disconnect();
    return this;
  }

  /**
   * The SDK's object, connecting; null where this page can have none.
   */
  #connection() {
    if (this.#sdk === null) {
      this.#sdk = this.#open();
    }
    if (this.#sdk?.state === 'disconnected' && !this.#closed) {
      try {
        this.#sdk.connect();
      } catch {
        // The browser does not let us.
        this.#setState('disconnected', { code: 0, reason: 'unsupported' });
      }
    }
    return this.#sdk;
  }

  #open() {
    const {
      url = '',
      location = globalThis.location,
      token = '',
      getToken = null,
      minReconnectDelay = 500,
      maxReconnectDelay = 20000,
    } = this.#options;
    let addresses;
    try {
      addresses = endpoints(url, location);
    } catch {
      return this.#cannot('bad address');
    }
    if (isMixedContent(addresses.websocket, location)) {
      return this.#cannot('mixed content');
    }
    const ways = new Transports(addresses, this.#browser);
    if (ways.endpoints.length === 0) {
      return this.#cannot('unsupported');
    }
    const fetched = this.#tokens.areForConnections
      ? () => this.#tokens.connection()
      : null;
    const sdk = new Centrifuge(ways.endpoints, {
      ...ways.options,
      token,
      getToken: getToken ?? fetched,
      minReconnectDelay,
      maxReconnectDelay,
      name: 'drupalrt',
    });
    sdk.on('error', () => {
      if (!this.#wasConnected) {
        ways.failed();
      }
    });
    this.#watch(sdk);
    return sdk;
  }

  #cannot(reason) {
    this.#setState('disconnected', { code: 0, reason });
    return null;
  }

  #watch(sdk) {
    sdk.on('connecting', (context) => {
      if (context.code === SESSION_ENDED) {
        if (this.#tokens.areForConnections) {
          sdk.setToken('');
        }
        this.#channels.forEach((channel) => channel.renew());
      }
      this.#setState('connecting', context);
    });
    sdk.on('connected', (context) => this.#connected(context));
    sdk.on('disconnected', (context) => {
      this.#closed = true;
      this.#setState('disconnected', context);
      this.#emitter.emit('disconnected', context);
    });
    // An attempt that failed: what was published meanwhile is missed.
    sdk.on('error', () => {
      this.#channels.forEach((channel) => channel.missing());
    });
    sdk.on('message', (context) => this.#emitter.emit('message', context));
    sdk.on('publication', (context) =>
      this.#channels.get(context.channel)?.receive(context),
    );
    ['join', 'leave'].forEach((event) =>
      sdk.on(event, (context) =>
        this.#channels.get(context.channel)?.passOn(event, context),
      ),
    );
    sdk.on('subscribing', ({ channel }) =>
      this.#channels.get(channel)?.missing(),
    );
    sdk.on('subscribed', (context) =>
      this.#channels.get(context.channel)?.subscribed(context),
    );
  }

  #connected(context) {
    const back = this.#wasConnected;
    this.#wasConnected = true;
    this.#setState('connected', context);
    this.#emitter.emit('connected', context);
    if (back && this.#pending() === 0 && this.#missed.size === 0) {
      this.#emitter.emit('resync', { channels: [] });
    }
  }

  #pending() {
    return [...this.#channels.values()].filter(
      (channel) => channel.state === 'subscribing',
    ).length;
  }

  /**
   * Tells the page once what it missed, when the last channel has answered.
   */
  #settled(channel, missed) {
    if (missed) {
      this.#missed.add(channel.name);
    }
    if (this.#missed.size === 0) {
      return;
    }
    if (this.#pending() === 0) {
      this.#resync();
    } else if (this.#patience === null) {
      this.#patience = setTimeout(() => this.#resync(), RESYNC_PATIENCE_MS);
    }
  }

  #resync() {
    clearTimeout(this.#patience);
    this.#patience = null;
    const channels = [...this.#missed];
    this.#missed.clear();
    this.#emitter.emit('resync', { channels });
  }

  #setState(state, { code, reason } = {}) {
    this.#state = state;
    this.#emitter.emit('state', { state, code, reason });
  }
}

/**
 * What the page gave instead of the browser's own, or that.
 */
function ownOf(name, given = {}) {
  if (name in given) {
    return given[name];
  }
  const own = globalThis[name];
  // A fetch that is called as somebody's method refuses to work.
  return name === 'fetch' ? own?.bind(globalThis) : own;
}
