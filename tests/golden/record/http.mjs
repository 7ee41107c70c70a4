/**
 * A browser's requests to a site under the name that it believes to have.
 */
import { request } from 'node:http';

export class Browser {
  #port;
  #host;

  constructor(port, host) {
    this.#port = port;
    this.#host = host;
  }

  /** {status, cookie, text}; cookie: the session's, as the browser keeps it. */
  fetch(path, { cookie, form } = {}) {
    const body = form && new URLSearchParams(form).toString();
    const headers = { Host: this.#host, Connection: 'close' };
    if (cookie !== undefined) {
      headers.Cookie = cookie;
    }
    if (body) {
      headers['Content-Type'] = 'application/x-www-form-urlencoded';
      headers['Content-Length'] = Buffer.byteLength(body);
    }
    const method = body ? 'POST' : 'GET';
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.#port, path, method, headers },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part) => {
            text += part;
          });
          response.on('end', () => {
            const set = (response.headers['set-cookie'] ?? [])
              .map((line) => line.split(';')[0])
              .filter((pair) => /^S?SESS/.test(pair));
            resolve({ status: response.statusCode, cookie: set.at(-1), text });
          });
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }

  /** What a page of the module's answers. */
  async ask(path, cookie) {
    const { status, text } = await this.fetch(path, { cookie });
    if (status !== 200) {
      throw new Error(`${path} answers ${status}: ${text.slice(0, 2000)}`);
    }
    return JSON.parse(text);
  }

  /** Signs in by the form, and returns the cookie. */
  async signIn(core, { name, pass }) {
    const { status, cookie, text } = await this.fetch('/user/login', {
      form: {
        name,
        pass,
        form_id: core === 7 ? 'user_login' : 'user_login_form',
        op: 'Log in',
      },
    });
    if (![302, 303].includes(status) || !cookie) {
      throw new Error(
        `${name} cannot sign in: ${status} ${text.slice(0, 2000)}`,
      );
    }
    return cookie;
  }
}
