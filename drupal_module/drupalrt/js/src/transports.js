/**
 * @file
 * How the SDK reaches the broker: by WebSocket, and where a proxy or a firewall
 * lets none through, by streams over HTTP.
 */

/**
 * The endpoints of the SDK, and what it is to use for them.
 *
 * Streams are offered only once they are known to help. For a page whose
 * broker is away they would not; and the SDK, which tries one transport after
 * the other, would stay with whichever the broker happens to come back to.
 */
export class Transports {
  /**
   * The SDK's: it keeps this very array, so that what is added later counts
   * from its next attempt on. Empty where the browser has nothing to use.
   *
   * @type {Array<{transport: string, endpoint: string}>}
   */
  endpoints = [];

  /**
   * The SDK's options that belong to them.
   *
   * @type {object}
   */
  options;

  #streams;

  #reach;

  /**
   * @param {object} addresses
   *   As endpoints() makes them.
   * @param {object} browser
   *   Its WebSocket, fetch, ReadableStream and EventSource; transports that
   *   need one that is missing are left out.
   */
  constructor(addresses, { WebSocket, fetch, ReadableStream, EventSource }) {
    const usable = {
      websocket: WebSocket,
      http_stream: fetch && ReadableStream,
      sse: fetch && EventSource,
    };
    this.#streams = Object.keys(usable)
      .filter((transport) => usable[transport])
      .map((transport) => ({ transport, endpoint: addresses[transport] }));
    if (WebSocket) {
      this.endpoints.push(this.#streams.shift());
    } else {
      this.#offerStreams();
    }
    this.#reach = () => fetch(addresses.health, { mode: 'no-cors' });
    this.options = {
      websocket: WebSocket ?? null,
      readableStream: ReadableStream ?? null,
      fetch: fetch ? withCookies(fetch) : null,
      eventsource: EventSource ? eventSourceWithCookies(EventSource) : null,
      emulationEndpoint: addresses.emulation,
    };
  }

  /**
   * Takes note that the page has not come through yet: if the broker is there
   * for all that, streams are the way.
   */
  async failed() {
    if (this.#streams.length === 0) {
      return;
    }
    try {
      const { ok, type } = await this.#reach();
      // Of another host or port no more is told than that it has answered.
      if (ok || type === 'opaque') {
        this.#offerStreams();
      }
    } catch {
      // It is away.
    }
  }

  #offerStreams() {
    this.endpoints.push(...this.#streams.splice(0));
  }
}

/**
 * By themselves the streams carry no cookies to another port or host, as
 * WebSockets do, and nobody were logged in. The SDK takes no option for that,
 * but another fetch and EventSource.
 */
function withCookies(fetch) {
  return (address, options) =>
    fetch(address, { ...options, credentials: 'include' });
}

function eventSourceWithCookies(EventSource) {
  return class extends EventSource {
    constructor(address) {
      super(address, { withCredentials: true });
    }
  };
}
