/**
 * @file
 * Fetches tokens from the site, where the session cookie says too little.
 */

import { UnauthorizedError } from 'centrifuge';

const FORBIDDEN = 403;

/**
 * The site's routes for tokens.
 *
 * Each answers POST with JSON by {token}, or 403 where there is none for this
 * user: the SDK gives up then. Any other failure it tries again.
 */
export class Tokens {
  #routes;

  #fetch;

  // Of the page's session, for X-CSRF-Token; a promise once it was needed.
  #csrf = null;

  /**
   * @param {{subscription?: string, connection?: string, csrf?: string}} routes
   *   Their addresses; drupalSettings.drupalrt.tokens.
   * @param {Function} fetch
   *   The browser's.
   */
  constructor(routes, fetch) {
    this.#routes = routes;
    this.#fetch = fetch;
  }

  /**
   * Does the site want a token from whoever connects?
   */
  get areForConnections() {
    return this.#routes.connection !== undefined;
  }

  /**
   * A token that says who connects.
   *
   * @return {Promise<string>}
   *   The token.
   */
  connection() {
    return this.#ask(this.#routes.connection, {});
  }

  /**
   * A token that lets this user into a channel.
   *
   * @param {string} channel
   *   Its name.
   *
   * @return {Promise<string>}
   *   The token.
   */
  subscription(channel) {
    return this.#ask(this.#routes.subscription, { channel });
  }

  async #ask(route, question) {
    if (route === undefined) {
      throw new UnauthorizedError('the site has no route for tokens');
    }
    const known = this.#csrf !== null;
    let answer = await this.#post(route, question);
    if (answer.status === FORBIDDEN && known) {
      // Perhaps the session is another one by now.
      this.#csrf = null;
      answer = await this.#post(route, question);
    }
    if (answer.status === FORBIDDEN) {
      throw new UnauthorizedError('refused');
    }
    if (!answer.ok) {
      throw new Error(`no token: HTTP ${answer.status}`);
    }
    return (await answer.json()).token;
  }

  async #post(route, question) {
    const headers = { 'Content-Type': 'application/json' };
    if (this.#routes.csrf !== undefined) {
      headers['X-CSRF-Token'] = await this.#csrfToken();
    }
    return this.#fetch(route, {
      method: 'POST',
      headers,
      body: JSON.stringify(question),
      credentials: 'same-origin',
    });
  }

  #csrfToken() {
    if (this.#csrf === null) {
      const asked = this.#fetchCsrf();
      this.#csrf = asked;
      asked.catch(() => {
        if (this.#csrf === asked) {
          this.#csrf = null;
        }
      });
    }
    return this.#csrf;
  }

  async #fetchCsrf() {
    const answer = await this.#fetch(this.#routes.csrf, {
      credentials: 'same-origin',
    });
    if (!answer.ok) {
      throw new Error(`no CSRF token: HTTP ${answer.status}`);
    }
    return answer.text();
  }
}
