/** `demo/run`: it says where it is, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listens, until } from '../../demo/runner/wait.mjs';
import { test } from './support/test.mjs';

const program = fileURLToPath(new URL('../../demo/run', import.meta.url));

/** Starts the demo on a state folder of its own and waits for its address. */
async function run(act, { options = [], kept = '', patienceMs } = {}) {
  const state = kept || mkdtempSync(join(tmpdir(), 'run-'));
  const demo = spawn(program, options, {
    env: { ...process.env, DEMO_STATE: state },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  demo.stdout.on('data', (data) => {
    output += data;
  });
  const ended = new Promise((resolve) => {
    demo.once('exit', (code, signal) => resolve(code ?? signal));
  });
  try {
    const said = () => /^Ready: \S+$/m.test(output);
    await until('The address', said, patienceMs);
    const url = new URL(output.match(/^Ready: (\S+)$/m)[1]);
    await act({ demo, ended, url, output: () => output, state });
  } finally {
    demo.kill('SIGKILL');
    await until('The end of all processes', () => running(state).length === 0);
    if (!kept) {
      rmSync(state, { recursive: true, force: true });
    }
  }
}

/** The processes that were started for a state folder. */
function running(state) {
  const list = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(state));
}

test('It prints its address and the accounts by role', async () => {
  await run(async ({ url, output }) => {
    const home = await fetch(url);
    assert.equal(home.status, 200);
    assert.match(await home.text(), /no Drupal/);
    for (const name of ['admin', 'editor', 'member', 'agent']) {
      await until(`The account ${name}`, () => output().includes(`  ${name} `));
    }
  });
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} ends it and leaves nothing running`, async () => {
    await run(async ({ demo, ended, url, state }) => {
      assert.ok(running(state).length > 0);
      demo.kill(signal);

      assert.equal(await ended, 0);
      assert.deepEqual(running(state), []);
      assert.equal(await listens(Number(url.port)), false);
    });
  });
}

test('Killed, it leaves nothing running either', async () => {
  await run(async ({ demo, ended, url, state }) => {
    demo.kill('SIGKILL');
    await ended;

    await until('The end of all processes', () => running(state).length === 0);
    await until(
      'The end of the site',
      async () => !(await listens(Number(url.port))),
    );
  });
});

test('A script in another terminal finds the running site', async ({
  arrive,
}) => {
  await run(async ({ url, state }) => {
    const visitor = await arrive('', { site: { url: url.origin } });
    await visitor.openLive('/notes');
    const console = fileURLToPath(
      new URL('../../demo/console', import.meta.url),
    );
    execFileSync('php', [console, 'note:save', 'From another terminal'], {
      env: { ...process.env, DEMO_STATE: state },
    });

    await visitor.page
      .locator('.note:has-text("From another terminal")')
      .waitFor();
  });
});

test(
  'With servers of its own, none is left, and the next run goes on',
  async () => {
    const kept = mkdtempSync(join(tmpdir(), 'run-'));
    chmodSync(kept, 0o711);
    const save = fileURLToPath(new URL('../../demo/console', import.meta.url));
    const env = { ...process.env, DEMO_STATE: kept };
    try {
      for (const store of ['mysql+redis', 'pgsql+memcached']) {
        const options = [`--store=${store}`];
        await run(
          async ({ demo, ended }) => {
            execFileSync('php', [save, 'note:save', `Kept in ${store}`], {
              env,
            });
            demo.kill('SIGTERM');
            assert.equal(await ended, 0);
            assert.deepEqual(running(kept), []);
          },
          { options, kept, patienceMs: 60000 },
        );
        await run(
          async ({ url }) => {
            const notes = await (
              await fetch(`${url.origin}/notes.json`)
            ).text();
            assert.match(
              notes,
              new RegExp(`Kept in ${store.replace('+', '.')}`),
            );
          },
          { options, kept, patienceMs: 60000 },
        );
      }
    } finally {
      rmSync(kept, { recursive: true, force: true });
    }
  },
  { patienceMs: 180000 },
);
