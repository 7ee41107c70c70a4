/**
 * The demo's own broker: started, watched over, and started again when it dies.
 */
import { Child } from './child.mjs';
import { listens, until } from './wait.mjs';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;
/** A broker that lived this long is not one that cannot start. */
const SETTLED_MS = 10000;

export class Broker {
  #options;
  #child = null;
  #wanted = false;
  #delay = FIRST_DELAY_MS;

  /**
   * options: binary, port, internalPort, socket, state, log, say, started;
   * flags, more of the command line.
   */
  constructor(options) {
    this.#options = options;
  }

  get pid() {
    return this.#child?.pid;
  }

  async start() {
    this.#wanted = true;
    this.#launch();
    await this.#ready();
  }

  /** Ends it for good. */
  async stop() {
    this.#wanted = false;
    const child = this.#child;
    this.#child = null;
    await child?.stop();
  }

  /** Has it die as in a crash; the watch brings it back. */
  async crash() {
    const child = this.#child;
    child.kill('SIGKILL');
    await child.ended;
  }

  #launch() {
    const { binary, port, internalPort, socket, state, log } = this.#options;
    const { flags = [] } = this.#options;
    const since = Date.now();
    const child = new Child(
      binary,
      [
        'serve',
        ...['--listen', `127.0.0.1:${port}`],
        ...['--internal', `127.0.0.1:${internalPort}`],
        ...['--socket', socket],
        ...['--state', state],
        ...flags,
      ],
      { log },
    );
    this.#child = child;
    child.ended.then((end) => this.#ended(child, end, Date.now() - since));
  }

  #ended(child, { code, signal, error }, livedMs) {
    if (!this.#wanted || this.#child !== child) {
      return;
    }
    this.#child = null;
    this.#delay =
      livedMs > SETTLED_MS
        ? FIRST_DELAY_MS
        : Math.min(this.#delay * 2, LONGEST_DELAY_MS);
    const how = error?.message ?? signal ?? `status ${code}`;
    this.#options.say(
      `The broker ended (${how}); starting it again. Its log: ${this.#options.log}`,
    );
    setTimeout(async () => {
      if (this.#wanted) {
        this.#launch();
        await this.#ready().then(this.#options.started, () => {});
      }
    }, this.#delay);
  }

  async #ready() {
    const { port, socket, log } = this.#options;
    const child = this.#child;
    let ended = false;
    child.ended.then(() => {
      ended = true;
    });
    await until('The start of the broker', async () => {
      if (ended) {
        throw new Error(`The broker does not start; see ${log}.`);
      }
      return (await listens(port)) && (await listens(socket));
    });
  }
}
