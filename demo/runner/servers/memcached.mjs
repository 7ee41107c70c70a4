/**
 * A memcached of one's own, at a socket and no port. It forgets all at its end.
 */
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Child } from '../child.mjs';
import { listens } from '../wait.mjs';
import { program } from './program.mjs';

const MEGABYTES = '16';

export class Memcached {
  #socket;
  #log;
  #child = null;

  /** run: a short folder for the socket; log: a file. */
  constructor({ run, log }) {
    this.#socket = join(run, 'memcached.sock');
    this.#log = log;
  }

  get pid() {
    return this.#child?.pid;
  }

  get connection() {
    return { socket: this.#socket };
  }

  async start() {
    this.#child = new Child(
      program('memcached', 'memcached'),
      [
        ...['-s', this.#socket, '-a', '0700', '-m', MEGABYTES],
        ...['-u', userInfo().username],
      ],
      { log: this.#log },
    );
    await this.#child.within('The start of memcached', () =>
      listens(this.#socket),
    );
  }

  async stop() {
    await this.#child?.stop();
  }
}
