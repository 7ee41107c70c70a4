/**
 * A copy of somebody's Drupal and a broker for it, together.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Broker } from '../runner/broker.mjs';
import { freePorts } from '../runner/ports.mjs';
import { artefacts } from '../runner/stack.mjs';
import { copyDrupal, copyModule, webRoot } from './copy.mjs';
import { DrupalSite } from './site.mjs';

/** The password of every account. */
export const PASSWORD = 'demo';

/** The page that shows what it is about. */
export const PAGE = '/drupalrt/demo';

const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What a copy was made from; another one means another copy. */
function origin(given) {
  const web = webRoot(given);
  const libraries = [join(web, 'vendor'), join(dirname(web), 'vendor')]
    .map((vendor) => join(vendor, 'composer/installed.json'))
    .filter((file) => existsSync(file));
  return JSON.stringify({
    web,
    made: libraries.map((file) => statSync(file).mtimeMs),
  });
}

export class DrupalStack {
  #folder = null;
  #stopping = null;

  /**
   * drupal: the tree to copy; state: the folder of all that is made; ports:
   * wishes for site, broker and its internal listener.
   */
  constructor({ drupal, state, ports = [0, 0, 0], say = () => {} }) {
    Object.assign(this, { drupal, state, wishes: ports, say });
  }

  /** Whoever would start a second one on this folder finds the first by it. */
  get runFile() {
    return join(this.state, 'run.json');
  }

  get #stamp() {
    return join(this.state, 'made.json');
  }

  async start() {
    const { binary, extension } = artefacts();
    mkdirSync(join(this.state, 'broker'), { recursive: true, mode: 0o700 });
    // A socket's path has no room for a deep folder.
    this.#folder = mkdtempSync(join(tmpdir(), 'drt-'));
    const socket = join(this.#folder, 's');
    const [port, brokerPort, internalPort] = await freePorts(this.wishes);
    this.brokerUrl = `http://127.0.0.1:${brokerPort}`;
    const record = { pid: process.pid, url: `http://127.0.0.1:${port}` };
    writeFileSync(this.runFile, JSON.stringify(record));
    this.broker = new Broker({
      binary,
      port: brokerPort,
      internalPort,
      socket,
      state: join(this.state, 'broker'),
      log: join(this.state, 'broker.log'),
      say: this.say,
      started: () =>
        this.#introduce().catch((error) => this.say(error.message)),
    });
    const root = this.#made();
    this.site = new DrupalSite({
      root: root || this.#copy(),
      extension,
      socket,
      port,
      log: join(this.state, 'php.log'),
    });
    const steps = [
      root ? () => this.#renew() : () => this.#install(),
      () => this.broker.start(),
      () => this.#introduce(),
      () => this.site.start(),
    ];
    for (const step of steps) {
      // Whoever stopped it wants nothing more to be started.
      if (!this.#stopping) {
        await step();
      }
    }
    return this;
  }

  stop() {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop() {
    await this.site?.stop();
    await this.broker?.stop();
    rmSync(this.runFile, { force: true });
    if (this.#folder) {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /** Saves content by a script; tells when PHP handed the push over. */
  async save(title) {
    const said = await this.#script('save.php', title);
    return Number(said.match(/^PUSHED (\S+)$/m)[1]);
  }

  /** The web root of the copy that was made of this tree; '' where none is. */
  #made() {
    try {
      const { from, root } = JSON.parse(readFileSync(this.#stamp, 'utf8'));
      return from === origin(this.drupal) ? root : '';
    } catch {
      return '';
    }
  }

  #copy() {
    const target = join(this.state, 'site');
    this.say(`Copying ${this.drupal} to ${target}`);
    rmSync(this.#stamp, { force: true });
    rmSync(target, { recursive: true, force: true });
    return copyDrupal(this.drupal, target);
  }

  async #install() {
    this.say('Installing Drupal in the copy, on SQLite');
    await this.site.install('drupalrt');
    this.say('Enabling drupalrt and its demo, creating accounts');
    await this.#script('setup.php', PASSWORD);
    const made = { from: origin(this.drupal), root: this.site.root };
    writeFileSync(this.#stamp, JSON.stringify(made));
  }

  async #renew() {
    this.say(`Using the copy of ${this.drupal} in ${this.state}`);
    copyModule(this.site.root);
    await this.#script('rebuild.php');
  }

  #introduce() {
    return this.#script('introduce.php', this.brokerUrl);
  }

  #script(name, ...args) {
    const { root, url } = this.site;
    return this.site.run(script(name), [root, url, ...args]);
  }
}
