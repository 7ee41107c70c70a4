/**
 * The Drupal suite: one site and one broker for all of its tests, in order.
 *
 * Names of files narrow the choice: `tests/drupal/run pages`.
 */
import { after, before } from 'node:test';
import { arrive, leave } from './support/site.mjs';

const FILES = [
  'services',
  'introduction',
  'status',
  'pages',
  'changes',
  'parity',
  'tokens',
  'browser',
  'outage',
  'proxy',
  'uninstall',
];

before(arrive, { timeout: 120000 });
after(leave);

const wanted = process.argv.slice(2);
for (const file of FILES) {
  if (wanted.length === 0 || wanted.includes(file)) {
    await import(`./${file}.test.mjs`);
  }
}
