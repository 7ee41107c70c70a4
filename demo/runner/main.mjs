/**
 * `demo/run`: the demo until Ctrl-C, or one walk through it. It is the sample
 * site, or a copy of somebody's Drupal.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DrupalStack, PAGE, PASSWORD } from '../drupal/stack.mjs';
import { artefacts, Stack } from './stack.mjs';
import { parseStore, storeWord } from './stores.mjs';

const USAGE = `Usage: demo/run [--check] [--store=WORD | --drupal=PATH]

Runs the sample site with a broker of its own on free ports and prints its
address and accounts; Ctrl-C ends it and leaves nothing running.

  --check        walks through it in headless Chromium with two users, prints
                 what was seen and how long each push took, and ends: 0 when all
                 was well
  --store=WORD   keeps the sample site's data elsewhere than in SQLite: in mysql
                 (MariaDB) or pgsql (PostgreSQL), and sessions in redis or
                 memcached, by PHP's own handlers; or both, as mysql+redis. The
                 servers are the demo's own, without ports, and end with it
  --drupal=PATH  runs a copy of the Drupal at PATH instead, freshly installed
                 with the module; PATH itself is only read

Environment: OUT (out), DRUPALRTD (the broker), DRUPALRT_SO (the extension),
DEMO_STATE (OUT/demo/state, with -WORD behind it for another store, or
OUT/demo-drupal: what the site keeps).
`;

/** The two sites there are to show, each with all that differs. */
const sample = (store) => ({
  state: `demo/state${suffix(store)}`,
  checkState: `demo/check${suffix(store)}`,
  walk: './walk.mjs',
  page: '/',
  password: 'demo',
  accounts: [
    ['admin', 'may do all; People gives roles and signs out'],
    ['editor', 'saves and edits every note'],
    ['member', 'writes notes, chats, waits in line'],
    ['agent', 'serves the waiting line'],
    ['second member', 'somebody else to chat with'],
  ],
  hint: ({ state }) => {
    const where = store || process.env.DEMO_STATE ? `DEMO_STATE=${state} ` : '';
    return `In another terminal: ${where}php demo/console note:save "Hello"`;
  },
  stack: (options) => new Stack({ store, ...options }),
});

const suffix = (store) => (store ? `-${store.replace('+', '-')}` : '');

const onDrupal = (drupal) => ({
  state: 'demo-drupal',
  checkState: 'demo-drupal/check',
  walk: '../drupal/walk.mjs',
  page: PAGE,
  password: PASSWORD,
  accounts: [
    [
      'admin',
      'may do all; the settings are at /admin/config/services/drupalrt',
    ],
    ['editor', 'creates, edits and deletes content: /node/add/page'],
    ['member', 'reads; the page changes by itself'],
  ],
  hint: ({ state }) =>
    `Sign in at /user/login. Remove ${state} to begin with a fresh copy.`,
  stack: (options) => new DrupalStack({ drupal, ...options }),
});

function fail(message, status = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(status);
}

/** The address of a demo that runs on this state folder already. */
function runningAt(state) {
  try {
    const { pid, url } = JSON.parse(readFileSync(join(state, 'run.json')));
    process.kill(pid, 0);
    return url;
  } catch {
    return '';
  }
}

function onSignals(act) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, act);
  }
}

async function show(demo, state) {
  const stack = demo.stack({
    state,
    ports: [8080, 8000, 8001],
    say: (line) => process.stderr.write(`${line}\n`),
  });
  let stopping = null;
  const stop = (status) => {
    stopping ??= stack.stop().then(() => process.exit(status));
    return stopping;
  };
  onSignals(() => stop(0));
  try {
    await stack.start();
  } catch (error) {
    // What was stopped on the way says that it ended.
    if (!stopping) {
      process.stderr.write(`${error.message}\n`);
    }
    await stop(1);
    return;
  }
  const accounts = demo.accounts.map(
    ([name, about]) => `  ${name.padEnd(14)} ${about}`,
  );
  process.stdout.write(
    [
      `Ready: ${stack.site.url}${demo.page}`,
      '',
      `Accounts (the password of each is "${demo.password}"):`,
      ...accounts,
      '',
      demo.hint(stack),
      'Ctrl-C ends it.',
      '',
    ].join('\n'),
  );
}

async function check(demo, out) {
  const { walk } = await import(demo.walk);
  const state = join(out, demo.checkState);
  rmSync(state, { recursive: true, force: true });
  const stack = demo.stack({ state, say: (line) => console.error(line) });
  onSignals(() => stack.stop().then(() => process.exit(1)));
  let good = false;
  try {
    await stack.start();
    good = await walk(stack, join(out, 'demo'));
  } catch (error) {
    console.error(error.message);
  } finally {
    await stack.stop();
  }
  if (good) {
    // A whole Drupal is too much to keep for nothing.
    rmSync(state, { recursive: true, force: true });
  }
  process.exit(good ? 0 : 1);
}

/** What the arguments ask for, or null for nonsense. */
function asked(options) {
  const wish = { help: false, check: false, drupal: '', store: '' };
  for (const option of options) {
    const [, name, value] = option.match(/^--(drupal|store)=(.+)$/) ?? [];
    if (name === 'drupal') {
      wish.drupal = resolve(value);
    } else if (name === 'store') {
      const store = parseStore(value);
      if (!store) {
        return null;
      }
      wish.store = storeWord(store);
    } else if (['--help', '-h'].includes(option)) {
      wish.help = true;
    } else if (option === '--check') {
      wish.check = true;
    } else {
      return null;
    }
  }
  return wish.drupal && wish.store ? null : wish;
}

const wish = asked(process.argv.slice(2)) ?? fail(USAGE, 2);
if (wish.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const { out, missing } = artefacts();
if (missing.length > 0) {
  fail(`Not built yet: ${missing.join(', ')}. ./dev demo builds and runs.`);
}
const demo = wish.drupal ? onDrupal(wish.drupal) : sample(wish.store);
if (wish.check) {
  await check(demo, out);
} else {
  const state = process.env.DEMO_STATE || join(out, demo.state);
  const url = existsSync(state) ? runningAt(state) : '';
  if (url) {
    fail(`The demo runs already: ${url}${demo.page}`);
  }
  await show(demo, state);
}
