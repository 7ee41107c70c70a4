/**
 * Passwords of one's own servers: made once, then kept beside their data.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** With what a careless reader of a configuration stumbles over. */
export const ODD = `'"\\%; =#@`;

export function keptSecret(file, odd = '') {
  if (!existsSync(file)) {
    const secret = randomBytes(24).toString('hex') + odd;
    writeFileSync(file, secret, { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8');
}
