/**
 * A process that does not outlive the runner, whatever happens to that.
 *
 * It leads a process group of its own, so that a Ctrl-C in the terminal reaches
 * the runner alone, which ends its children in order. Beside it sits a reaper: a
 * shell that waits for the runner's end of a pipe to close and then ends the
 * group, which helps where the runner had no time to.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { until } from './wait.mjs';

const STOP_PATIENCE_MS = 5000;
const REAP = 'read _; kill -s TERM -- "-$0"; sleep 2; kill -s KILL -- "-$0"';

export class Child {
  #process;
  #reaper;
  #log;
  /** Resolved with {code, signal} once the process has ended. */
  ended;

  /** log: where its output goes; uid and gid: whose it is, if not ours. */
  constructor(command, args, { env = {}, log, uid, gid }) {
    this.#log = log;
    const out = openSync(log, 'a');
    // Ours alone; the broker would take it for a key of its configuration.
    const inherited = { ...process.env };
    delete inherited.DRUPALRT_SO;
    this.#process = spawn(command, args, {
      env: { ...inherited, ...env },
      stdio: ['ignore', out, out],
      detached: true,
      uid,
      gid,
    });
    closeSync(out);
    this.ended = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve({ code: -1, error }));
      this.#process.once('exit', (code, signal) => resolve({ code, signal }));
    });
    if (this.pid) {
      this.#reaper = spawn('sh', ['-c', REAP, String(this.pid)], {
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
      });
    }
    // Whatever the process left in its group ends with it.
    this.ended.then(() => this.#killGroup('SIGKILL'));
    this.ended.then(() => this.#reaper?.kill('SIGKILL'));
  }

  get pid() {
    return this.#process.pid;
  }

  kill(signal) {
    this.#process.kill(signal);
  }

  /** Waits for something it should do, and no longer than it lives. */
  async within(what, question, patienceMs) {
    let ended = false;
    this.ended.then(() => {
      ended = true;
    });
    await until(
      what,
      () => {
        if (ended) {
          throw new Error(`${what} failed; see ${this.#log}.`);
        }
        return question();
      },
      patienceMs,
    );
  }

  /** Asks it to end, and makes it after a while. */
  async stop() {
    this.#killGroup('SIGTERM');
    const timer = setTimeout(
      () => this.#killGroup('SIGKILL'),
      STOP_PATIENCE_MS,
    );
    await this.ended;
    clearTimeout(timer);
  }

  #killGroup(signal) {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Nobody left in it.
    }
  }
}
