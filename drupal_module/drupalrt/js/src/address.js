/**
 * @file
 * Where the page finds the broker's WebSocket.
 */

const ENDPOINT = '/connection/websocket';
const DEFAULT_PORT = 8000;

/**
 * The WebSocket address for a configured broker address.
 *
 * @param {string} url
 *   The broker's address as the site knows it: http(s) or ws(s), a path on the
 *   page's own host, or empty for the page's host on port 8000.
 * @param {{protocol: string, hostname: string, href: string}} page
 *   The page's location.
 *
 * @return {string}
 *   A ws: or wss: address.
 */
export function socketAddress(url, page) {
  const secure = page.protocol === 'https:';
  const address = url
    ? new URL(url, page.href)
    : new URL(
        `${secure ? 'https' : 'http'}://${page.hostname}:${DEFAULT_PORT}`,
      );
  address.protocol = /^(https|wss):$/.test(address.protocol) ? 'wss:' : 'ws:';
  address.hash = '';
  if (!address.pathname.endsWith(ENDPOINT)) {
    address.pathname = address.pathname.replace(/\/*$/, '') + ENDPOINT;
  }
  return address.href;
}

/**
 * Tells whether a browser would refuse the address on this page.
 *
 * Browsers let no https page open an unencrypted socket, save to the machine
 * itself, and say so by an exception; better not to try.
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
