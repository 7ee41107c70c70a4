// People in a chat room: one way asks for news each second, the other listens.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';

const POLL_MS = 1000;

/** A request with a person's cookie, over connections that stay. */
export class Browser {
  #agent = new Agent({ keepAlive: true, maxSockets: 6 });
  cookie = '';
  token = '';

  constructor(url) {
    this.url = url;
  }

  /** {status, headers, text}. */
  ask(method, path, { body = '', type = 'application/json' } = {}) {
    const headers = { Cookie: this.cookie, Accept: 'application/json' };
    if (body) {
      headers['Content-Type'] = type;
      headers['Content-Length'] = Buffer.byteLength(body);
      headers['X-CSRF-Token'] = this.token;
    }
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent };
      const asked = request(this.url + path, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => {
          text += part;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, text }),
        );
        answer.on('error', reject);
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  /** The same, for what has to go well. */
  async must(wanted, method, path, options) {
    const answer = await this.ask(method, path, options);
    if (answer.status !== wanted) {
      const start = answer.text.slice(0, 300);
      throw new Error(`${method} ${path}: ${answer.status} ${start}`);
    }
    return answer;
  }

  /** Takes over what an answer sets. */
  keepCookie({ headers }) {
    const set = (headers['set-cookie'] ?? []).map(
      (one) => one.split(';', 1)[0],
    );
    if (set.length > 0) this.cookie = set.join('; ');
  }

  close() {
    this.#agent.destroy();
  }
}

/** Asks each second for what is new, as long as an answer takes at least. */
export class Poller {
  #browser;
  #journal;
  #since = 0;
  #ended = false;
  #polling = null;

  constructor({ browser, journal }) {
    this.#browser = browser;
    this.#journal = journal;
  }

  /** phase: 0 to 1, when within the second. */
  async arrive({ phase }) {
    await this.#poll();
    this.#polling = this.#run(phase);
    // Who fails says so when leaving.
    this.#polling.catch(() => {});
  }

  async say(text) {
    const body = JSON.stringify({ text });
    await this.#browser.must(201, 'POST', '/drupalrt-bench/say', { body });
  }

  async leave() {
    this.#ended = true;
    await this.#polling;
  }

  async #run(phase) {
    await pause(phase * POLL_MS);
    while (!this.#ended) {
      const from = performance.now();
      await this.#poll();
      await pause(Math.max(0, from + POLL_MS - performance.now()));
    }
  }

  async #poll() {
    const path = `/drupalrt-bench/poll?since=${this.#since}`;
    const { text } = await this.#browser.must(200, 'GET', path);
    for (const line of JSON.parse(text).lines) {
      this.#since = Math.max(this.#since, Number(line.id));
      this.#journal.read(line.text, this);
    }
  }
}

/** Listens to a channel, and says its lines there, or by way of PHP. */
export class Listener {
  #browser;
  #journal;
  #options;
  #socket = null;
  #asked = new Map();
  #id = 0;

  /** options: brokerUrl, channel, byPhp. */
  constructor({ browser, journal, ...options }) {
    this.#browser = browser;
    this.#journal = journal;
    this.#options = options;
  }

  async arrive() {
    const { brokerUrl, channel } = this.#options;
    const url = `${brokerUrl.replace('http', 'ws')}/connection/websocket`;
    this.#socket = new WebSocket(url, {
      headers: { Cookie: this.#browser.cookie, Origin: this.#browser.url },
    });
    this.#socket.on('message', (bytes) => this.#take(String(bytes)));
    await new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
    await this.#command({ connect: {} });
    await this.#command({ subscribe: { channel } });
  }

  async say(text) {
    const { channel, byPhp } = this.#options;
    if (byPhp) {
      const body = JSON.stringify({ text });
      const path = '/drupalrt-bench/say?push=1';
      await this.#browser.must(201, 'POST', path, { body });
    } else {
      await this.#command({ publish: { channel, data: { text } } });
    }
  }

  async leave() {
    this.#socket.terminate();
  }

  #command(command) {
    const id = (this.#id += 1);
    const answer = new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
    });
    this.#socket.send(JSON.stringify({ id, ...command }));
    return answer;
  }

  #take(message) {
    for (const line of message.split('\n')) {
      const reply = JSON.parse(line);
      if (line === '{}') this.#socket.send(line);
      else if (reply.id) this.#answer(reply);
      else if (reply.push?.pub) {
        this.#journal.read(reply.push.pub.data.text, this);
      }
    }
  }

  #answer({ id, error }) {
    const { resolve, reject } = this.#asked.get(id);
    this.#asked.delete(id);
    if (error) reject(new Error(`the broker: ${error.code} ${error.message}`));
    else resolve();
  }
}
