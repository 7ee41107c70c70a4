/**
 * What the pages' scripts share: settings, forms, and channels that stay silent
 * where the browser client or the broker is away.
 */
(function () {
  const settings = JSON.parse(
    document.querySelector('[data-drupal-selector="drupal-settings-json"]')
      .textContent,
  );
  const SESSION_ENDED = [4001, 4501];

  /** The browser client, which the page loads after this file. */
  function client() {
    return window.Drupal?.drupalrt ?? null;
  }

  function notice(...content) {
    const box = document.getElementById('notice');
    box.replaceChildren(...content);
    box.hidden = content.length === 0;
  }

  function signedOut() {
    const link = document.createElement('a');
    link.href = '/login';
    link.textContent = 'Sign in again';
    notice('You were signed out, here or elsewhere. ', link);
  }

  /** The pill in the page's head follows the connection. */
  let watching = false;
  function watch() {
    if (watching) {
      return;
    }
    watching = true;
    const pill = document.getElementById('pill');
    let was = false;
    const show = ({ state, code }) => {
      was = was || state === 'connected';
      const words = {
        connected: 'live',
        connecting: was ? 'reconnecting…' : 'connecting…',
        disconnected: 'not live',
      };
      pill.textContent = words[state];
      pill.dataset.state = state === 'connected' ? 'live' : state;
      pill.hidden = false;
      if (SESSION_ENDED.includes(code) && settings.user.uid) {
        signedOut();
      }
    };
    client().on('state', show);
  }

  /**
   * Listens to a channel.
   *
   * event(data, info, context) takes what was published, by whom where a browser
   * did, and all that the client knows of it;
   * resync() is called when something may have been missed; refused(code) when
   * the broker does not let this visitor in.
   */
  function live(name, { event, resync, refused }) {
    if (!client()) {
      return { publish: () => Promise.reject(new Error('not connected')) };
    }
    watch();
    const channel = client().channel(name);
    if (resync) {
      channel.on('resync', resync);
    }
    channel.on('unsubscribed', ({ code }) => refused?.(code));
    channel.on((data, context) => event(data, who(context?.info), context));
    return channel;
  }

  /** Calls back once after each outage of the connection. */
  function afterOutage(callback) {
    client()?.on('resync', callback);
  }

  function who(info) {
    return info && { user: info.user, name: info.connInfo?.name };
  }

  async function answer(request) {
    const response = await request;
    const data = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Error(data.error || `The site answers ${response.status}.`);
    }
    return data;
  }

  const headers = { Accept: 'application/json' };

  function get(url) {
    return answer(fetch(url, { headers, cache: 'no-store' }));
  }

  /**
   * Sends a form without leaving the page; without a script it is a plain form.
   */
  function form(element, done) {
    element?.addEventListener('submit', async (event) => {
      event.preventDefault();
      const button = event.submitter;
      const url = button?.getAttribute('formaction') || element.action;
      const place = element.querySelector('[data-error]');
      const fail = (message) => {
        if (place) {
          place.textContent = message;
          place.hidden = message === '';
        } else {
          notice(...(message ? [message] : []));
        }
      };
      if (element.dataset.busy) {
        return;
      }
      element.dataset.busy = '1';
      try {
        const body = new URLSearchParams(new FormData(element));
        done(await answer(fetch(url, { method: 'POST', headers, body })));
        fail('');
      } catch (error) {
        fail(error.message);
      } finally {
        delete element.dataset.busy;
      }
    });
  }

  /** A time of day, in the reader's own zone. */
  function time(seconds) {
    const element = document.createElement('time');
    const date = new Date(seconds * 1000);
    element.dateTime = date.toISOString();
    element.textContent = date.toLocaleTimeString();
    return element;
  }

  /** Asked again while still at work, it answers with the work under way. */
  function once(work) {
    let running = null;
    return () => {
      running ??= work()
        .catch(() => {})
        .finally(() => {
          running = null;
        });
      return running;
    };
  }

  document.querySelectorAll('time[datetime]').forEach((element) => {
    element.textContent = new Date(element.dateTime).toLocaleTimeString();
  });

  window.Sample = { settings, live, afterOutage, get, form, time, once };
})();
