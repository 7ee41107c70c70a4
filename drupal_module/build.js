/**
 * @file
 * Bundles the browser client: npm run build, with --watch while working on it.
 */

import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = fileURLToPath(new URL('./drupalrt/js/', import.meta.url));

const options = {
  entryPoints: [`${here}src/drupal.js`],
  outfile: `${here}dist/drupalrt.js`,
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'iife',
  target: 'es2022',
  legalComments: 'eof',
  logLevel: 'warning',
};

if (process.argv.includes('--watch')) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
