/**
 * End to end, one after the other: they share one site and one broker.
 *
 * Names of files narrow the choice: `node all.mjs outage chat`.
 */
import { readdirSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((file) => file.endsWith('.test.mjs'))
  .filter(
    (file) =>
      wanted.length === 0 || wanted.includes(file.replace('.test.mjs', '')),
  )
  .sort();
for (const file of files) {
  await import(new URL(file, here));
}
