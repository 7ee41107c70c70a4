// A certificate that signs itself, in files of a test's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Certificate {
  constructor(name = 'localhost') {
    this.folder = mkdtempSync(join(tmpdir(), 'rt-cert-'));
    this.cert = join(this.folder, 'cert.pem');
    this.key = join(this.folder, 'key.pem');
    this.renew(name);
  }

  // Another pair in the same files, the way that programs which renew
  // certificates put them there: whole.
  renew(name) {
    execFileSync('openssl', [
      ...['req', '-x509', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...[
        '-addext',
        'subjectAltName=DNS:localhost,DNS:golden.test,IP:127.0.0.1',
      ],
      ...['-keyout', `${this.key}.new`, '-out', `${this.cert}.new`],
    ]);
    renameSync(`${this.key}.new`, this.key);
    renameSync(`${this.cert}.new`, this.cert);
  }

  get pem() {
    return readFileSync(this.cert, 'utf8');
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
