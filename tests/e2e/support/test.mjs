/**
 * node:test with a plain last line, and with what all tests share: one site,
 * one broker, one Chromium.
 */
import { after, before, test as nodeTest } from 'node:test';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { openBrowser, Person } from '../../../demo/runner/browser.mjs';
import { artefacts, Stack } from '../../../demo/runner/stack.mjs';

const PATIENCE_MS = 60000;

const { missing } = artefacts();
if (missing.length > 0) {
  process.stderr.write(`Not built yet: ${missing.join(', ')}\n`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'e2e-'));
// PostgreSQL, where we are root, is somebody who has to get through.
chmodSync(folder, 0o711);
const count = { registered: 0, passed: 0 };
let browser;

/** The site that all tests share. */
export const stack = new Stack({ state: join(folder, 'shared') });

/** A site of one's own, in a folder that goes with the tests. */
export function ownStack(name, options = {}) {
  return new Stack({ state: join(folder, name), ...options });
}

before(async () => {
  browser = await openBrowser();
  await stack.start();
});

after(async () => {
  await browser?.close();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

process.on('exit', () => {
  const failed = count.registered - count.passed;
  process.stdout.write(`${count.passed} passed, ${failed} failed, 0 skipped\n`);
});

/**
 * A test whose people leave at its end; each must have had a quiet console.
 *
 * The function takes arrive(name, options): a window, signed in as that account.
 * patienceMs: for one that has much to start first.
 */
export function test(name, act, { patienceMs = PATIENCE_MS } = {}) {
  count.registered += 1;
  nodeTest(name, { timeout: patienceMs }, async () => {
    const people = [];
    const arrive = async (who, { site = stack.site, ...options } = {}) => {
      const person = await Person.arrive(browser, site.url, who, options);
      people.push(person);
      return person;
    };
    try {
      await act({ arrive, browser });
      for (const person of people) {
        assert.deepEqual(person.errors, [], `${person.name}'s console`);
      }
    } finally {
      await Promise.all(people.map((person) => person.leave()));
    }
    count.passed += 1;
  });
}
