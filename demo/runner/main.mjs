/**
 * `demo/run`: the sample site until Ctrl-C, or one walk through it.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { artefacts, Stack } from './stack.mjs';

const USAGE = `Usage: demo/run [--check]

Runs the sample site with a broker of its own on free ports and prints its
address and accounts; Ctrl-C ends it and leaves nothing running.

  --check   walks through it in headless Chromium with two users, prints what
            was seen and how long each push took, and ends: 0 when all was well

Environment: OUT (out), DRUPALRTD (the broker), DRUPALRT_SO (the extension),
DEMO_STATE (OUT/demo/state: what the site keeps).
`;

const ACCOUNTS = [
  ['admin', 'may do all; People gives roles and signs out'],
  ['editor', 'saves and edits every note'],
  ['member', 'writes notes, chats, waits in line'],
  ['agent', 'serves the waiting line'],
  ['second member', 'somebody else to chat with'],
];

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

async function show(state) {
  const stack = new Stack({
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
    process.stderr.write(`${error.message}\n`);
    await stop(1);
    return;
  }
  const accounts = ACCOUNTS.map(
    ([name, about]) => `  ${name.padEnd(14)} ${about}`,
  );
  process.stdout.write(
    [
      `Ready: ${stack.site.url}/`,
      '',
      'Accounts (the password of each is "demo"):',
      ...accounts,
      '',
      'In another terminal: php demo/console note:save "Hello"',
      'Ctrl-C ends it.',
      '',
    ].join('\n'),
  );
}

async function check(out) {
  const { walk } = await import('./walk.mjs');
  const state = join(out, 'demo', 'check');
  rmSync(state, { recursive: true, force: true });
  const stack = new Stack({ state, say: (line) => console.error(line) });
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
  process.exit(good ? 0 : 1);
}

const options = process.argv.slice(2);
if (options.includes('--help') || options.includes('-h')) {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (options.some((option) => option !== '--check')) {
  fail(USAGE, 2);
}
const { out, missing } = artefacts();
if (missing.length > 0) {
  fail(`Not built yet: ${missing.join(', ')}. ./dev demo builds and runs.`);
}
if (options.includes('--check')) {
  await check(out);
} else {
  const state = process.env.DEMO_STATE || join(out, 'demo', 'state');
  const url = existsSync(state) ? runningAt(state) : '';
  if (url) {
    fail(`The demo runs already: ${url}/`);
  }
  await show(state);
}
