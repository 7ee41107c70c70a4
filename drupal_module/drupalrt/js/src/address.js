/**
 * @file
 * Where the page finds the broker.
 */

const WEBSOCKET = '/connection/websocket';
const DEFAULT_PORT = 8000;

/**
 * The broker's addresses for a configured one.
 *
 * @param {string} url
 *   The broker's address as the site knows it: http(s) or ws(s), a path on the
 *   page's own host, or empty for the page's host on port 8000. May end with
 *   the path of the WebSocket.
 * @param {{protocol: string, hostname: string, href: string}} page
 *   The page's location.
 *
 * @return {{websocket: string, http_stream: string, sse: string,
 *   emulation: string, health: string}}
 *   By the SDK's names; the first a ws: or wss: address, the others http: or
 *   https:.
 */
export function endpoints(url, page) {
  const base = url
    ? new URL(url, page.href)
    : new URL(`${page.protocol}//${page.hostname}:${DEFAULT_PORT}`);
  const secure = /^(https|wss):$/.test(base.protocol);
  const prefix = base.pathname
    .replace(/\/*$/, '')
    .replace(new RegExp(`${WEBSOCKET}$`), '');
  const at = (protocol, path) => {
    const address = new URL(base.href);
    address.protocol = secure ? `${protocol}s:` : `${protocol}:`;
    address.pathname = prefix + path;
    address.hash = '';
    return address.href;
  };
  return {
    websocket: at('ws', WEBSOCKET),
    http_stream: at('http', '/connection/http_stream'),
    sse: at('http', '/connection/sse'),
    emulation: at('http', '/emulation'),
    health: at('http', '/health'),
  };
}

/**
 * Tells whether a browser would refuse the address on this page.
 *
 * Browsers let no https page open an unencrypted connection, save to the
 * machine itself, and say so by an exception; better not to try.
 *
 * @param {string} address
 *   A ws: or wss: address.
 * @param {{protocol: string}} page
 *   The page's location.
 *
 * @return {boolean}
 *   Whether it is mixed content.
 */
export function isMixedContent(address, page) {
  if (page.protocol !== 'https:') {
    return false;
  }
  const { protocol, hostname } = new URL(address);
  return (
    protocol === 'ws:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
  );
}
