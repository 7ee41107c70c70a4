/**
 * A Redis of one's own, behind a password, at a socket and no port.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../child.mjs';
import { listens } from '../wait.mjs';
import { program } from './program.mjs';
import { keptSecret } from './secret.mjs';

export class Redis {
  #data;
  #socket;
  #log;
  #child = null;

  /** data: the folder that stays; run: a short one for the socket; log. */
  constructor({ data, run, log }) {
    this.#data = data;
    this.#socket = join(run, 'redis.sock');
    this.#log = log;
  }

  get pid() {
    return this.#child?.pid;
  }

  get connection() {
    return {
      socket: this.#socket,
      password: keptSecret(join(this.#data, 'password')),
    };
  }

  async start() {
    mkdirSync(this.#data, { recursive: true, mode: 0o700 });
    const { password } = this.connection;
    const configuration = join(this.#data, 'redis.conf');
    writeFileSync(
      configuration,
      [
        'port 0',
        `unixsocket "${this.#socket}"`,
        'unixsocketperm 700',
        `dir "${this.#data}"`,
        `requirepass ${password}`,
        // Who is signed in still is after a restart.
        'save 60 1',
        'daemonize no',
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    this.#child = new Child(
      program('redis-server', 'redis-server'),
      [configuration],
      { log: this.#log },
    );
    await this.#child.within('The start of Redis', () => listens(this.#socket));
  }

  async stop() {
    await this.#child?.stop();
  }
}
