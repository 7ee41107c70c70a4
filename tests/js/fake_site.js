/**
 * @file
 * A site inside the test: gives tokens to whoever has its CSRF token.
 */

export class FakeSite {
  routes = { subscription: '/token/subscription', csrf: '/session/token' };

  /** Who the session says it is, and the CSRF token of that session. */
  user = '5';

  csrf = 'csrf-1';

  /** Does a module forbid it? Is the broker away? */
  refused = false;

  away = false;

  /** The requests for tokens, and how often the CSRF token was asked for. */
  questions = [];

  csrfAsked = 0;

  fetch = async (address, options) => {
    if (address === this.routes.csrf) {
      this.csrfAsked += 1;
      return { ok: true, status: 200, text: async () => this.csrf };
    }
    this.questions.push({ address, ...options });
    const known = options.headers['X-CSRF-Token'] === this.csrf;
    if (this.refused || !known) {
      return { ok: false, status: 403 };
    }
    if (this.away) {
      return { ok: false, status: 503 };
    }
    const { channel = 'connection' } = JSON.parse(options.body);
    const token = `${channel} of ${this.user}`;
    return { ok: true, status: 200, json: async () => ({ token }) };
  };
}
