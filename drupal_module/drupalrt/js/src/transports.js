/**
 * @file
 * How the SDK reaches the broker: by WebSocket, and where a proxy or a firewall
 * lets none through, by streams over HTTP.
 */

/**
 * The SDK's endpoints and what it is to use for them.
 *
 * The streams carry cookies to the broker wherever it is, as WebSockets do: by
 * themselves they would not to another port or host, and nobody were logged
 * in. The SDK takes no option for that, but another fetch and EventSource.
 *
 * @param {object} addresses
 *   As endpoints() makes them.
 * @param {object} browser
 *   Its WebSocket, fetch, ReadableStream and EventSource; without one of them
 *   the transports that need it are left out.
 *
 * @return {{endpoints: Array<{transport: string, endpoint: string}>,
 *   options: object}}
 *   The parameters of the SDK; no endpoints where nothing can be used.
 */
export function transports(addresses, browser) {
  const { WebSocket, fetch, ReadableStream, EventSource } = browser;
  const usable = {
    websocket: WebSocket,
    http_stream: fetch && ReadableStream,
    sse: fetch && EventSource,
  };
  return {
    endpoints: Object.keys(usable)
      .filter((transport) => usable[transport])
      .map((transport) => ({ transport, endpoint: addresses[transport] })),
    options: {
      websocket: WebSocket ?? null,
      readableStream: ReadableStream ?? null,
      fetch: fetch ? withCookies(fetch) : null,
      eventsource: EventSource ? eventSourceWithCookies(EventSource) : null,
      emulationEndpoint: addresses.emulation,
    },
  };
}

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
