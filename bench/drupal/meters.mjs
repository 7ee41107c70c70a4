// What a moment of a site costs: statements of MariaDB, requests of PHP, CPU.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const COUNTER = fileURLToPath(new URL('counter.php', import.meta.url));
const TICKS_PER_SECOND = 100;

/** MariaDB's counters, by a connection that stays: each look is one statement. */
export class StatementCounter {
  #child;
  #lines;

  constructor({ unix_socket: socket, username, password }) {
    const env = { ...process.env };
    env.DSN = `mysql:unix_socket=${socket}`;
    Object.assign(env, { USER: username, PASSWORD: password });
    const stdio = ['pipe', 'pipe', 'inherit'];
    this.#child = spawn('php', [COUNTER], { env, stdio });
    this.#lines = createInterface({ input: this.#child.stdout })[
      Symbol.asyncIterator
    ]();
  }

  async read() {
    this.#child.stdin.write('\n');
    const { value } = await this.#lines.next();
    const { Questions, Com_select: selects } = JSON.parse(value);
    return { statements: Number(Questions), selects: Number(selects) };
  }

  stop() {
    this.#child.stdin.end();
  }
}

/** Seconds of CPU of a process, its children, and those of them that ended. */
function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].map((at) => Number(fields[at]));
  const own = ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children
    .split(' ')
    .filter(Boolean)
    .reduce((sum, child) => sum + cpuSeconds(child), own);
}

export class Meters {
  #counter;
  #web;
  #pids;

  /** pids: of what takes CPU, by name. */
  constructor({ counter, web, pids }) {
    this.#counter = counter;
    this.#web = web;
    this.#pids = pids;
  }

  async read() {
    const requests = await this.#web.requests();
    const { statements, selects } = await this.#counter.read();
    const cpu = Object.fromEntries(
      Object.entries(this.#pids).map(([name, pid]) => [name, cpuSeconds(pid)]),
    );
    return { at: performance.now(), requests, statements, selects, cpu };
  }
}

/** What passed between two readings, a second; without the readings' own. */
export function between(from, to) {
  const seconds = (to.at - from.at) / 1000;
  const rate = (name, own) => (to[name] - from[name] - own) / seconds;
  return {
    seconds,
    statements: rate('statements', 1),
    selects: rate('selects', 0),
    requests: rate('requests', 1),
    cpu: Object.fromEntries(
      Object.keys(to.cpu).map((name) => [
        name,
        (to.cpu[name] - from.cpu[name]) / seconds,
      ]),
    ),
  };
}
