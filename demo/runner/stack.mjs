/**
 * Broker and site together, on ports and in folders of their own.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  readFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Broker } from './broker.mjs';
import { freePorts } from './ports.mjs';
import { Site } from './site.mjs';
import { parseStore, Stores } from './stores.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The extension for the PHP that is in PATH. */
function builtExtension(out) {
  const version = 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;';
  const php = execFileSync('php', ['-r', version], { encoding: 'utf8' });
  return join(out, 'ext', php, 'modules', 'drupalrt.so');
}

/** What the build made, or where the environment says it lies. */
export function artefacts(env = process.env) {
  const out = env.OUT || join(root, 'out');
  const found = {
    out,
    binary: env.DRUPALRTD || join(out, 'bin', 'drupalrtd'),
    extension: env.DRUPALRT_SO || builtExtension(out),
    client: join(root, 'drupal_module/drupalrt/js/dist/drupalrt.js'),
    vendor: join(root, 'demo/vendor/autoload.php'),
  };
  const missing = Object.values(found).filter((file) => !existsSync(file));
  return { ...found, missing };
}

export class Stack {
  #folder = null;

  /**
   * state: the site's folder; ports: wishes for site, broker and its internal
   * listener; withBroker: false leaves it away until broker.start(); store: a
   * word of parseStore(); publicUrl, publicBrokerUrl: where browsers find both
   * behind a web server; brokerFlags: more of the broker's command line.
   */
  constructor({
    state,
    ports = [0, 0, 0],
    say = () => {},
    withBroker = true,
    store = '',
    publicUrl,
    publicBrokerUrl,
    brokerFlags = [],
  }) {
    Object.assign(this, { state, wishes: ports, say, withBroker, store });
    Object.assign(this, { publicUrl, publicBrokerUrl, brokerFlags });
  }

  async start() {
    const { binary, extension } = artefacts();
    // A socket's path has no room for a deep folder.
    this.#folder = mkdtempSync(join(tmpdir(), 'drt-'));
    mkdirSync(this.state, { recursive: true, mode: 0o700 });
    const [port, brokerPort, internalPort] = await freePorts(this.wishes);
    const socket = join(this.#folder, 's');
    Object.assign(this, { port, brokerPort, internalPort, socket });
    this.stores = new Stores({
      store: parseStore(this.store || 'sqlite'),
      state: this.state,
      run: this.#folder,
      say: this.say,
    });
    await this.stores.start();
    this.site = new Site({
      extension,
      socket,
      port,
      brokerPort,
      state: this.state,
      log: join(this.state, 'php.log'),
      accessLog: join(this.state, 'access.log'),
      stores: this.stores.env,
      publicUrl: this.publicUrl,
      publicBrokerUrl: this.publicBrokerUrl,
    });
    this.broker = new Broker({
      binary,
      port: brokerPort,
      internalPort,
      socket,
      state: join(this.state, 'broker'),
      log: join(this.state, 'broker.log'),
      say: this.say,
      started: () => this.introduce(),
      flags: this.brokerFlags,
    });
    mkdirSync(join(this.state, 'broker'), { recursive: true, mode: 0o700 });
    await this.site.console('install');
    if (this.withBroker) {
      await this.broker.start();
      await this.introduce();
    }
    await this.site.start();
    return this;
  }

  async stop() {
    await this.site?.stop();
    await this.broker?.stop();
    await this.stores?.stop();
    if (this.#folder) {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  /** A call of the broker's HTTP API, as the site's owner. */
  async api(method, params) {
    const key = readFileSync(join(this.state, 'api-key'), 'utf8');
    const url = `http://127.0.0.1:${this.internalPort}/api/${method}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-API-Key': key },
      body: JSON.stringify(params),
    });
    return response.json();
  }

  async introduce() {
    try {
      await this.site.console('site:sync');
    } catch (error) {
      this.say(error.message.trim());
    }
  }
}
