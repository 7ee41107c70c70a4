/**
 * A throw-away Drupal with the module, and a broker of its own.
 */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyDrupal } from '../../../demo/drupal/copy.mjs';
import { DrupalSite } from '../../../demo/drupal/site.mjs';
import { Broker } from '../../../demo/runner/broker.mjs';
import { freePorts } from '../../../demo/runner/ports.mjs';
import { parseStore, Stores } from '../../../demo/runner/stores.mjs';

const HERE = fileURLToPath(new URL('..', import.meta.url));

/** Where the site keeps its data: {database, sessions}. */
export const store = parseStore(process.env.DRUPAL_STORE || 'sqlite');

/** What the tests know of the site; filled in by arrive(). */
export const site = {};

/** Makes the site; leave() undoes it. */
export async function arrive() {
  // Short: a unix socket's path has little room.
  site.folder = mkdtempSync(join(await roomyFolder(), 'drd-'));
  // Copies: a build that runs meanwhile must not pull them from under us.
  site.extension = join(site.folder, 'drupalrt.so');
  cpSync(process.env.DRUPALRT_SO, site.extension);
  site.binary = join(site.folder, 'drupalrtd');
  cpSync(process.env.DRUPALRTD, site.binary, { dereference: true });
  assert.ok(process.env.DRUPAL_ROOT, 'DRUPAL_ROOT names no Drupal');
  assert.ok(store, `DRUPAL_STORE=${process.env.DRUPAL_STORE} is no store`);
  site.stores = newStores();
  await site.stores.start();
  site.root = copyDrupal(process.env.DRUPAL_ROOT, join(site.folder, 'site'));
  cpSync(join(HERE, 'modules'), join(site.root, 'modules/custom'), {
    recursive: true,
  });
  const [port, brokerPort, internalPort] = await freePorts([0, 0, 0]);
  Object.assign(site, {
    port,
    brokerPort,
    internalPort,
    url: `http://127.0.0.1:${port}`,
    brokerUrl: `http://127.0.0.1:${brokerPort}`,
    socket: join(site.folder, 's'),
  });
  site.broker = newBroker();
  site.drupal = new DrupalSite({
    root: site.root,
    extension: site.extension,
    socket: site.socket,
    port,
    log: join(site.folder, 'php.log'),
    ini: {
      error_reporting: -1,
      // Tests change settings.php, and pages have to see it at once.
      'opcache.revalidate_freq': 0,
      ...sessionSettings(),
    },
  });
  const server = site.stores.server(store.database);
  await site.drupal.install('Test site', server?.connection);
  if (store.sessions !== 'database') {
    leaveSessionsToPhp();
  }
  await site.drupal.run(join(HERE, 'php/setup.php'), [site.root, site.url]);
  await site.broker.start();
  await site.drupal.start();
}

/** Ends what was started, and leaves nothing. */
export async function leave() {
  await site.drupal?.stop();
  await site.broker?.stop();
  await site.stores?.stop();
  if (process.env.DRUPALRT_KEEP) {
    console.log(`# kept: ${site.folder}`);
  } else {
    rmSync(site.folder, { recursive: true, force: true });
  }
}

/**
 * Runs PHP code inside the site, as a command line would, and returns what it
 * returns.
 *
 * Options: extension, whether it is loaded; url, of the request it finds.
 */
export async function php(code, { extension = true, url = site.url } = {}) {
  const out = await site.drupal.run(
    join(HERE, 'php/ask.php'),
    [site.root, url],
    { input: code, extension },
  );
  const answer = out.slice(out.lastIndexOf('\nANSWER ') + 8);
  return JSON.parse(answer);
}

/** A page as a browser without cookies gets it. */
export async function get(path, options = {}) {
  const response = await fetch(site.url + path, {
    redirect: 'manual',
    ...options,
  });
  return {
    status: response.status,
    headers: response.headers,
    text: await response.text(),
  };
}

/** The servers of the store, not started. */
function newStores() {
  const state = join(site.folder, 'servers');
  const run = join(site.folder, 'r');
  [state, run].forEach((folder) => mkdirSync(folder));
  // A server may run as another user, and has its socket in here.
  chmodSync(site.folder, 0o711);
  return new Stores({ store, state, run, say: () => {} });
}

/** What PHP is told of where sessions are. */
function sessionSettings() {
  const server = site.stores.server(store.sessions);
  if (!server) {
    return {};
  }
  const { socket, password } = server.connection;
  const path =
    store.sessions === 'redis' ? `unix://${socket}?auth=${password}` : socket;
  return {
    'session.save_handler': store.sessions,
    'session.save_path': `"${path}"`,
  };
}

/** Has Drupal keep sessions as PHP's own settings say. */
function leaveSessionsToPhp() {
  const folder = join(site.root, 'sites/default');
  writeFileSync(
    join(folder, 'sessions.services.yml'),
    'services:\n  session_handler.storage:\n    class: SessionHandler\n',
  );
  appendFileSync(
    join(folder, 'settings.php'),
    "\n$settings['container_yamls'][] = __DIR__ . '/sessions.services.yml';\n",
  );
}

/** The broker of the suite, not started. */
function newBroker() {
  return new Broker({
    binary: site.binary,
    port: site.brokerPort,
    internalPort: site.internalPort,
    socket: join(site.folder, 's'),
    state: join(site.folder, 'state'),
    log: join(site.folder, 'broker.log'),
    say: () => {},
    started: () => {},
  });
}

/** The broker's log so far. */
export const brokerLog = () =>
  readFileSync(join(site.folder, 'broker.log'), 'utf8');

/** Memory where there is enough of it: a Drupal is many small files. */
async function roomyFolder() {
  const memory = '/dev/shm';
  const room = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return !process.env.TMPDIR && room.bavail * room.bsize > 2 ** 30
    ? memory
    : tmpdir();
}
