/**
 * The sample site under PHP's own web server.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Child } from './child.mjs';
import { listens, until } from './wait.mjs';

const run = promisify(execFile);
const demo = dirname(dirname(fileURLToPath(import.meta.url)));
const WORKERS = 4;

export class Site {
  #options;
  #child = null;

  /**
   * options: extension, socket, port, brokerPort, state, log, accessLog;
   * stores, what PHP is told of databases and sessions; publicUrl and
   * publicBrokerUrl where a web server is in front of it, on this machine.
   */
  constructor(options) {
    this.#options = options;
  }

  get url() {
    const { publicUrl, port } = this.#options;
    return publicUrl ?? `http://127.0.0.1:${port}`;
  }

  /** Whoever runs `demo/console` in another terminal finds these values. */
  get runFile() {
    return join(this.#options.state, 'run.json');
  }

  async start() {
    const { port, log, state } = this.#options;
    const record = { pid: process.pid, url: this.url, env: this.env };
    writeFileSync(
      this.runFile,
      JSON.stringify({ ...record, php: this.#flags() }),
      { mode: 0o600 },
    );
    this.#child = new Child(
      'php',
      [
        ...this.#flags(),
        ...['-S', `127.0.0.1:${port}`],
        ...['-t', join(demo, 'web'), join(demo, 'web', 'index.php')],
      ],
      { env: { ...this.env, PHP_CLI_SERVER_WORKERS: String(WORKERS) }, log },
    );
    let ended = false;
    this.#child.ended.then(() => {
      ended = true;
    });
    await until('The start of the site', () => {
      if (ended) {
        throw new Error(`The site does not start in ${state}; see ${log}.`);
      }
      return listens(port);
    });
  }

  async stop() {
    rmSync(this.runFile, { force: true });
    await this.#child?.stop();
  }

  /** Runs a command of `demo/console` and returns what it printed. */
  async console(...args) {
    // A script may wait for an answer for longer than a page.
    const patience = ['-d', 'drupalrt.timeout_ms=2000'];
    const command = [
      ...this.#flags(),
      ...patience,
      join(demo, 'console'),
      ...args,
    ];
    const env = { ...process.env, ...this.env };
    try {
      return (await run('php', command, { env })).stdout;
    } catch (error) {
      throw new Error(
        `demo/console ${args.join(' ')}: ${error.stderr || error.message}`,
        { cause: error },
      );
    }
  }

  /** Runs a line of PHP with the extension, as the site's user. */
  async php(code) {
    const args = [...this.#flags(), '-r', code];
    return (await run('php', args, { env: { ...process.env, ...this.env } }))
      .stdout;
  }

  /** The requests that PHP has served so far. */
  requests() {
    const { accessLog } = this.#options;
    return existsSync(accessLog)
      ? readFileSync(accessLog, 'utf8').split('\n').slice(0, -1)
      : [];
  }

  /** What PHP is told in its environment. */
  get env() {
    const { state, brokerPort, accessLog, stores = {} } = this.#options;
    const { publicUrl, publicBrokerUrl } = this.#options;
    return {
      DEMO_STATE: state,
      DEMO_URL: this.url,
      DEMO_BROKER_URL: publicBrokerUrl ?? `http://127.0.0.1:${brokerPort}`,
      ...(publicUrl ? { DEMO_TRUSTED_PROXIES: '127.0.0.1' } : {}),
      DEMO_ACCESS_LOG: accessLog,
      ...stores,
    };
  }

  #flags() {
    const { extension, socket } = this.#options;
    return Object.entries({
      ...(extension ? { extension, 'drupalrt.socket': socket } : {}),
      ...(extension ? { 'drupalrt.autostart': 0 } : {}),
      log_errors: 1,
      display_errors: 0,
    }).flatMap(([key, value]) => ['-d', `${key}=${value}`]);
  }
}
