/**
 * A copy of Drupal that is installed, filled with a plan's people, and served.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '../../../demo/runner/child.mjs';
import { freePorts } from '../../../demo/runner/ports.mjs';
import { listens } from '../../../demo/runner/wait.mjs';
import { Browser } from './http.mjs';
import { modules } from './tree.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const INSTALL = fileURLToPath(
  new URL('../../../demo/drupal/install.php', import.meta.url),
);
const START_MS = 30000;

export const HOST = 'golden.test';

/** A script of ours. */
const script = (name) => join(HERE, 'php', name);

/** What PHP is told, by the command line and behind the server. */
const INI = Object.entries({
  memory_limit: '512M',
  'opcache.enable_cli': 0,
  display_errors: 'stderr',
  error_reporting: 22527, // all but deprecations
}).flatMap(([key, value]) => ['-d', `${key}=${value}`]);

/** What settings.php does to roles, of which the tables know nothing. */
const OVERRIDES = `
$config['user.role.r1']['permissions'][] = 'administer nodes';
$config['user.role.r2']['permissions'][500] = 'administer users';
$config['user.role.r3']['is_admin'] = TRUE;
$config['user.role.r5']['permissions'][0] = 'administer modules';
$config['user.role.authenticated']['permissions'][77] = 'access site reports';
`;

export class Site {
  #core;
  #root;
  #php;
  #log;
  #server = null;

  /** core: 7, or 8 for later; php: a command; log: the server's. */
  constructor({ core, root, php, log }) {
    this.#core = core;
    this.#root = root;
    this.#php = php.split(' ');
    this.#log = log;
  }

  /** Installs and fills it; returns its version and people's uids. */
  make(plan, connection, overrides) {
    const from = join(HERE, this.#core === 7 ? 'module7' : 'module');
    cpSync(from, modules(this.#core, this.#root), { recursive: true });
    // The installer takes a site for configured where this is.
    mkdirSync(join(this.#folder, 'files/config'), { recursive: true });
    const made =
      this.#core === 7
        ? this.#make7(plan, connection)
        : this.#make8(plan, connection);
    if (overrides) {
      this.#settings(OVERRIDES);
    }
    return made;
  }

  /** Serves it, and returns a browser. */
  async serve() {
    const [port] = await freePorts([0]);
    const router =
      this.#core === 7
        ? script('router7.php')
        : join(this.#root, '.ht.router.php');
    this.#server = new Child(
      'sh',
      [
        ...['-c', 'cd "$0" && exec "$@"', this.#root, ...this.#php, ...INI],
        ...['-S', `127.0.0.1:${port}`, '-t', this.#root, router],
      ],
      { env: { PHP_CLI_SERVER_WORKERS: '3' }, log: this.#log },
    );
    await this.#server.within(
      'The start of the site',
      () => listens(port),
      START_MS,
    );
    return new Browser(port, HOST);
  }

  async stop() {
    await this.#server?.stop();
  }

  get #folder() {
    return join(this.#root, 'sites/default');
  }

  #settings(text) {
    appendFileSync(join(this.#folder, 'settings.php'), `\n${text}`);
  }

  // No session ends, and none is written, but by what we do to it: so both
  // switch the collection off, and write at most once in a lifetime.

  #make7(plan, connection) {
    const from = join(this.#folder, 'default.settings.php');
    cpSync(from, join(this.#folder, 'settings.php'));
    // By itself 7 has no room for characters like 🙂 in MySQL.
    const wide = connection.driver === 'mysql' && {
      charset: 'utf8mb4',
      collation: 'utf8mb4_general_ci',
    };
    const where = { ...connection, ...wide };
    this.#run(script('populate7.php'), HOST, { ...plan, connection: where });
    this.#settings(
      "ini_set('session.gc_probability', 0);\n$conf['session_write_interval'] = 2000000000;\n",
    );
    return this.#fill('populate7.php', HOST, { ...plan, connection: null });
  }

  #make8(plan, connection) {
    const url = `http://${HOST}`;
    this.#run(INSTALL, url, connection, ['Golden']);
    const folder = this.#folder;
    const services = readFileSync(join(folder, 'default.services.yml'), 'utf8');
    writeFileSync(
      join(folder, 'services.yml'),
      services.replace(/gc_probability: \d+/, 'gc_probability: 0'),
    );
    this.#settings(
      "$settings['session_write_interval'] = 2000000000;\n$settings['container_yamls'][] = __DIR__ . '/services.yml';\n",
    );
    return this.#fill('populate.php', url, plan);
  }

  #fill(name, where, plan) {
    const answer = this.#run(script(name), where, plan);
    if (!answer.startsWith('{')) {
      throw new Error(`Drupal cannot be filled: ${answer.slice(-2000)}`);
    }
    return JSON.parse(answer);
  }

  /** Runs a script with a value on its standard input; what it printed. */
  #run(path, where, value, more = []) {
    const [command, ...words] = this.#php;
    const args = [...words, ...INI, path, this.#root, where, ...more];
    return execFileSync(command, args, {
      cwd: this.#root,
      input: JSON.stringify(value),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  }
}
