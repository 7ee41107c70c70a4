/**
 * A copy of Drupal that is installed, asked and served with the extension.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '../runner/child.mjs';
import { listens, until } from '../runner/wait.mjs';

const INSTALL = fileURLToPath(new URL('install.php', import.meta.url));
const WORKERS = 4;

const flags = (ini) =>
  Object.entries(ini).flatMap(([key, value]) => ['-d', `${key}=${value}`]);

export class DrupalSite {
  #options;
  #server = null;
  #scripts = new Set();

  /**
   * options: root, the web root; extension; socket, the broker's; port; log;
   * ini, what else PHP is told.
   */
  constructor(options) {
    this.#options = options;
  }

  get root() {
    return this.#options.root;
  }

  get url() {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  /**
   * Installs it on an empty database, in the words of Drupal's $databases; else
   * on a fresh SQLite in its own folder.
   */
  async install(name, database = null) {
    if (database) {
      await this.run(INSTALL, [this.root, this.url, name], {
        input: JSON.stringify(database),
      });
      return;
    }
    await this.run('core/scripts/drupal', [
      ...['install', 'minimal', '--no-interaction', `--site-name=${name}`],
    ]);
    // Drupal takes the right to write there from its owner, who could then not
    // remove the copy.
    const folder = join(this.root, 'sites/default');
    const settings = join(folder, 'settings.php');
    chmodSync(folder, 0o755);
    chmodSync(settings, 0o644);
    appendFileSync(
      settings,
      "\n$settings['skip_permissions_hardening'] = TRUE;\n",
    );
  }

  /**
   * Runs a PHP script in the site's folder and returns what it printed.
   *
   * Options: input, for its standard input; extension, whether it is loaded.
   */
  run(script, args = [], { input = '', extension = true } = {}) {
    return new Promise((resolve, reject) => {
      const child = spawn('php', [...this.#flags(extension), script, ...args], {
        cwd: this.root,
      });
      this.#scripts.add(child);
      let out = '';
      let errors = '';
      child.stdout.on('data', (bytes) => {
        out += bytes;
      });
      child.stderr.on('data', (bytes) => {
        errors += bytes;
      });
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#scripts.delete(child);
        if (code === 0) {
          resolve(out);
        } else {
          const end = `${script} ended with ${signal ?? code}`;
          reject(new Error(`${end}:\n${errors}${out}`.trim()));
        }
      });
      // A script that ends early does not read it.
      child.stdin.once('error', () => {});
      child.stdin.end(input);
    });
  }

  /** Serves it by PHP's own web server. */
  async start() {
    const { root, port, log } = this.#options;
    this.#server = new Child(
      'sh',
      [
        // Drupal's path to its SQLite file is relative to the site's folder.
        ...['-c', 'cd "$0" && exec php "$@"', root],
        ...this.#flags(true),
        ...['-S', `127.0.0.1:${port}`, '-t', root],
        join(root, '.ht.router.php'),
      ],
      { env: { PHP_CLI_SERVER_WORKERS: String(WORKERS) }, log },
    );
    let ended = false;
    this.#server.ended.then(() => {
      ended = true;
    });
    await until('The start of the site', () => {
      if (ended) {
        throw new Error(`The site does not start; see ${log}.`);
      }
      return listens(port);
    });
  }

  /** Ends the server, and scripts that are still at work. */
  async stop() {
    for (const script of this.#scripts) {
      script.kill('SIGKILL');
    }
    await this.#server?.stop();
  }

  #flags(withExtension) {
    const { extension, socket, ini } = this.#options;
    return flags({
      memory_limit: '512M',
      'opcache.enable_cli': 0,
      display_errors: 'stderr',
      ...(withExtension
        ? {
            extension,
            'drupalrt.socket': socket,
            'drupalrt.autostart': 0,
            'drupalrt.timeout_ms': 1000,
          }
        : {}),
      ...ini,
    });
  }
}
