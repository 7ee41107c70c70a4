/**
 * What the broker makes of cookies, by the site's own document.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { php, site } from './site.mjs';

/** Writes the document as it would be sent now; returns the file's path. */
export async function documentFile() {
  const json = await php(
    'return Drupal::service(Drupal\\drupalrt\\Introduction\\Introducer::class)->document()->toJson();',
  );
  const file = join(site.folder, 'site.json');
  writeFileSync(file, json, { mode: 0o600 });
  return file;
}

/** The broker's answers for values of a Cookie header, in order. */
export async function whois(cookies) {
  const file = await documentFile();
  const child = spawn(site.binary, ['whois', '--site', file]);
  let out = '';
  let errors = '';
  child.stdout.on('data', (bytes) => {
    out += bytes;
  });
  child.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  child.stdin.end(cookies.map((cookie) => `${cookie}\n`).join(''));
  const status = await new Promise((done) => {
    child.once('close', done);
  });
  if (status !== 0) {
    throw new Error(`drupalrtd whois: ${errors}`);
  }
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
