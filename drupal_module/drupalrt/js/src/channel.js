/**
 * @file
 * One channel of a page: its listeners and its subscription.
 */

import { Emitter } from './emitter.js';

/**
 * The default event: what was published.
 */
const PUBLICATION = 'publication';

/**
 * Events that the SDK's subscription has and a page may want.
 */
const PASSED_ON = ['join', 'leave', 'error'];

/**
 * The answer for a channel that the broker subscribed the session to by
 * itself: its publications come all the same.
 */
const ALREADY_SUBSCRIBED = 105;

/**
 * Who is in a channel, or has published there.
 *
 * @typedef {object} ClientInfo
 * @property {string} user
 *   The id of the account; empty for a visitor who is not logged in.
 * @property {string} client
 *   The id of the connection.
 * @property {*} [connInfo]
 *   What the broker knows of it, such as {name}.
 * @property {*} [chanInfo]
 *   What its token said of it in this channel.
 */

/**
 * Subscribed while it has listeners.
 *
 * Events:
 * - `publication` (data, {offset, tags, info: ClientInfo});
 * - `subscribed` ({wasRecovering, recovered, hasRecoveredPublications,
 *   streamPosition, data}): wasRecovering says that this is not the first
 *   time, recovered that nothing was missed meanwhile;
 * - `resync` ({channel}): subscribed again, and publications may be missed, so
 *   that what the page shows may be old;
 * - `unsubscribed` ({code, reason});
 * - `join`, `leave` ({info: ClientInfo}), where the namespace has join_leave;
 * - `error` ({type, error}).
 */
export class Channel {
  #owner;

  #emitter = new Emitter();

  #subscription = null;

  #listening = false;

  // Has there been an outage since the page last knew everything?
  #late = false;

  /**
   * @param {string} name
   *   The channel's name.
   * @param {object} owner
   *   What the client lets its channels do: connection(), whose SDK it is;
   *   token(channel), fetched from the site; settled(channel, missed), to be
   *   told of each answer.
   * @param {object} options
   *   As of Client.channel().
   */
  constructor(name, owner, options = {}) {
    this.name = name;
    this.#owner = owner;
    this.options = options;
  }

  /**
   * Listens: on(fn) to publications, on(event, fn) to anything.
   */
  on(event, listener) {
    if (typeof event === 'function') {
      return this.on(PUBLICATION, event);
    }
    this.#emitter.add(event, listener);
    this.#listen();
    return this;
  }

  /**
   * Stops: off(fn), off(event, fn), off(event), off().
   */
  off(event, listener) {
    if (event === undefined) {
      this.#emitter.clear();
    } else if (typeof event === 'function') {
      this.#emitter.remove(PUBLICATION, event);
    } else {
      this.#emitter.remove(event, listener);
    }
    if (this.#emitter.size === 0) {
      this.#unlisten();
    }
    return this;
  }

  /**
   * Publishes, where the channel's rule allows browsers that.
   *
   * @return {Promise}
   *   Rejected with {code, message}; may be left alone.
   */
  publish(data) {
    return this.#ask((sdk) => sdk.publish(this.name, data));
  }

  /**
   * Who is there, where the namespace has presence.
   *
   * @return {Promise<{clients: Object<string, ClientInfo>}>}
   *   By the id of the connection.
   */
  presence() {
    return this.#ask((sdk) => sdk.presence(this.name));
  }

  /**
   * How many are there.
   *
   * @return {Promise<{numClients: number, numUsers: number}>}
   *   Connections, and different users.
   */
  presenceStats() {
    return this.#ask((sdk) => sdk.presenceStats(this.name));
  }

  /**
   * What was published before, where the namespace keeps history.
   *
   * @param {object} [options]
   *   All optional.
   * @param {number} [options.limit]
   *   How many publications at most; 0, as if nothing were said: none, and the
   *   position alone; negative: as many as the broker gives.
   * @param {{offset: number, epoch: string}} [options.since]
   *   Only those after that position.
   * @param {boolean} [options.reverse]
   *   The newest first.
   *
   * @return {Promise<{publications: Array<{data: *, offset: number,
   *   tags: object, info: ClientInfo}>, offset: number, epoch: string}>}
   *   And the channel's position.
   */
  history(options = {}) {
    return this.#ask((sdk) => sdk.history(this.name, options));
  }

  /**
   * The subscription's: 'unsubscribed', 'subscribing' or 'subscribed'.
   */
  get state() {
    return this.#subscription?.state ?? 'unsubscribed';
  }

  /**
   * Takes a publication that came without a subscription of our own.
   */
  receive(context) {
    this.#emitter.emit(PUBLICATION, context.data, context);
  }

  /**
   * Takes a join or leave that came without a subscription of our own.
   */
  passOn(event, context) {
    this.#emitter.emit(event, context);
  }

  /**
   * Takes note that the user may be another one: a token of the one before
   * would have the broker send the page away.
   */
  renew() {
    if (this.options.token === true && this.#listening) {
      this.#unlisten();
      this.missing();
      this.#listen();
    }
  }

  /**
   * Takes note of an answer to a subscription.
   */
  subscribed(context) {
    const missed = this.#late && !(context.wasRecovering && context.recovered);
    this.#late = false;
    this.#emitter.emit('subscribed', context);
    if (missed) {
      this.#emitter.emit('resync', { channel: this.name });
    }
    this.#owner.settled(this, missed);
  }

  /**
   * Takes note that publications may be missed from now on.
   */
  missing() {
    this.#late = true;
  }

  #listen() {
    if (this.#listening) {
      return;
    }
    this.#listening = true;
    const sdk = this.#owner.connection();
    if (sdk === null) {
      return;
    }
    const subscription = sdk.newSubscription(this.name, this.#sdkOptions());
    subscription.on(PUBLICATION, (context) => this.receive(context));
    subscription.on('subscribed', (context) => this.subscribed(context));
    subscription.on('state', ({ oldState }) => {
      if (oldState === 'subscribed') {
        this.missing();
      }
    });
    subscription.on('unsubscribed', (context) => {
      if (context.code === ALREADY_SUBSCRIBED) {
        this.#subscription = null;
        sdk.removeSubscription(subscription);
      } else {
        this.#emitter.emit('unsubscribed', context);
      }
      this.#owner.settled(this, false);
    });
    PASSED_ON.forEach((event) =>
      subscription.on(event, (context) => this.#emitter.emit(event, context)),
    );
    this.#subscription = subscription;
    subscription.subscribe();
  }

  #sdkOptions() {
    const { token, delta, ...others } = this.options;
    return {
      ...others,
      ...(token === true
        ? { getToken: () => this.#owner.token(this.name) }
        : { token }),
      delta: delta === true ? 'fossil' : delta,
    };
  }

  #unlisten() {
    const subscription = this.#subscription;
    this.#listening = false;
    this.#subscription = null;
    this.#late = false;
    if (subscription) {
      // Ours no longer: what it still says concerns nobody.
      subscription.removeAllListeners();
      subscription.on('error', () => {});
      this.#owner.connection().removeSubscription(subscription);
    }
  }

  #ask(question) {
    const sdk = this.#owner.connection();
    const answer =
      sdk === null
        ? Promise.reject(Object.assign(new Error('no connection'), { code: 0 }))
        : question(sdk);
    // A page that does not look at the answer is not bothered by it either.
    answer.catch(() => {});
    return answer;
  }
}
