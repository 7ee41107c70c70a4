/**
 * A throw-away Drupal with the module, and a broker of its own.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Broker } from '../../../demo/runner/broker.mjs';
import { Child } from '../../../demo/runner/child.mjs';
import { freePorts } from '../../../demo/runner/ports.mjs';
import { listens, until } from '../../../demo/runner/wait.mjs';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const MODULE = join(HERE, '../../drupal_module/drupalrt');

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
  site.root = copyDrupal(process.env.DRUPAL_ROOT, join(site.folder, 'site'));
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
  await run('core/scripts/drupal', [
    'install',
    'minimal',
    '--no-interaction',
    '--site-name=Test site',
  ]);
  await run(join(HERE, 'php/setup.php'), [site.root, site.url]);
  await site.broker.start();
  await serve();
}

/** Ends what was started, and leaves nothing. */
export async function leave() {
  await site.server?.stop();
  await site.broker?.stop();
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
  const out = await run(join(HERE, 'php/ask.php'), [site.root, url], {
    input: code,
    extension,
  });
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

function phpArguments(extension) {
  return [
    ...['-d', 'memory_limit=512M', '-d', 'opcache.enable_cli=0'],
    ...['-d', 'error_reporting=-1', '-d', 'display_errors=stderr'],
    ...(extension
      ? [
          ...['-d', `extension=${site.extension}`],
          ...['-d', `drupalrt.socket=${site.socket}`],
          ...['-d', 'drupalrt.autostart=0', '-d', 'drupalrt.timeout_ms=1000'],
        ]
      : []),
  ];
}

/** Serves the site by PHP's own web server. */
async function serve() {
  site.server = new Child(
    'sh',
    [
      // Drupal's path to its SQLite file is relative to the site's folder.
      ...['-c', 'cd "$0" && exec php "$@"', site.root],
      ...phpArguments(true),
      ...['-S', `127.0.0.1:${site.port}`, '-t', site.root],
      join(site.root, '.ht.router.php'),
    ],
    {
      env: { PHP_CLI_SERVER_WORKERS: '4' },
      log: join(site.folder, 'php.log'),
    },
  );
  await until('The start of the site', () => listens(site.port));
}

/** Runs a PHP script in the site's folder to its end. */
function run(script, args, { input = '', extension = true } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn('php', [...phpArguments(extension), script, ...args], {
      cwd: site.root,
    });
    let out = '';
    let errors = '';
    child.stdout.on('data', (bytes) => {
      out += bytes;
    });
    child.stderr.on('data', (bytes) => {
      errors += bytes;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) {
        resolve(out);
      } else {
        reject(new Error(`${script} ended with ${code}:\n${errors}${out}`));
      }
    });
    child.stdin.end(input);
  });
}

/** Memory where there is enough of it: a Drupal is many small files. */
async function roomyFolder() {
  const memory = '/dev/shm';
  const room = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return !process.env.TMPDIR && room.bavail * room.bsize > 2 ** 30
    ? memory
    : tmpdir();
}

/** Copies a folder without its tests, which are near half of all files. */
function copyTree(from, to) {
  mkdirSync(to, { recursive: true });
  const copy = spawnSync('sh', [
    ...['-c', 'tar -C "$0" --exclude="*/tests" -cf - . | tar -C "$1" -xf -'],
    ...[from, to],
  ]);
  assert.equal(copy.status, 0, `${from} cannot be copied: ${copy.stderr}`);
}

/** Copies a Drupal tree without what its own site has in it. */
function copyDrupal(given, target) {
  assert.ok(given, 'DRUPAL_ROOT names no Drupal');
  const webRoot = [given, join(given, 'web'), join(given, 'docroot')].find(
    (folder) => existsSync(join(folder, 'core/lib/Drupal.php')),
  );
  assert.ok(webRoot, `${given}: no Drupal there (core/lib/Drupal.php)`);
  const web = realpathSync(webRoot);
  // The usual project keeps its libraries beside the web root.
  const beside = existsSync(join(dirname(web), 'vendor/autoload.php'));
  const parts = beside ? [web, join(dirname(web), 'vendor')] : [web];
  const root = beside ? join(target, 'web') : target;
  const own = [
    join(web, 'sites/default/files'),
    join(web, 'sites/default/settings.php'),
    join(web, 'sites/simpletest'),
  ];
  for (const part of parts) {
    copyTree(part, part === web ? root : join(target, 'vendor'));
  }
  // Its own site is none of the tests' business, nor a module of it that is
  // ours in another state.
  for (const folder of [
    'sites',
    'modules/custom',
    'modules/contrib/drupalrt',
  ]) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
  cpSync(join(web, 'sites'), join(root, 'sites'), {
    recursive: true,
    filter: (path) => !own.includes(path),
  });
  const scaffold = {
    '.ht.router.php': 'ht.router.php',
    'index.php': 'index.php',
  };
  for (const [file, source] of Object.entries(scaffold)) {
    if (!existsSync(join(root, file))) {
      cpSync(
        join(root, 'core/assets/scaffold/files', source),
        join(root, file),
      );
    }
  }
  mkdirSync(join(root, 'sites/default'), { recursive: true });
  const modules = join(root, 'modules/custom');
  cpSync(MODULE, join(modules, 'drupalrt'), { recursive: true });
  cpSync(join(HERE, 'modules'), modules, { recursive: true });
  return root;
}
