/**
 * A PostgreSQL of one's own: its data in a folder, its socket in another, no
 * port. It refuses to run as root, so for root it runs as the account that its
 * package brought.
 */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Child } from '../child.mjs';
import { program } from './program.mjs';
import { keptSecret, ODD } from './secret.mjs';

const START_MS = 60000;
const DATABASE = 'drupal';
const ACCOUNT = 'postgres';
/** By which a client finds the socket in its folder. */
const PORT = 5432;

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/** {uid, gid} of whom it runs as; nothing where that is us. */
function unprivileged() {
  if (process.getuid() !== 0) {
    return {};
  }
  const id = (what) =>
    Number(execFileSync('id', [what, ACCOUNT], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Whether somebody who owns nothing on the way gets to a folder. */
function reachable(folder) {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) {
      return false;
    }
  }
  return true;
}

export class Postgresql {
  #data;
  #run;
  #log;
  #say;
  #user = {};
  #files = '';
  #lent = '';
  #child = null;

  /**
   * data: the folder that stays; run: a short one for the socket; log: a file;
   * say: told where the data cannot stay there.
   */
  constructor({ data, run, log, say = () => {} }) {
    this.#data = data;
    this.#run = join(run, 'pg');
    this.#log = log;
    this.#say = say;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Where it is, in the words of Drupal's $databases. */
  get connection() {
    return {
      driver: 'pgsql',
      host: this.#run,
      database: DATABASE,
      username: DATABASE,
      // Drupal doubles a backslash each time that it connects.
      password: keptSecret(join(this.#data, 'password'), ODD.replace('\\', '')),
    };
  }

  async start() {
    mkdirSync(this.#data, { recursive: true, mode: 0o700 });
    this.#user = unprivileged();
    this.#files = this.#place();
    this.#own(this.#run);
    if (!existsSync(join(this.#files, 'PG_VERSION'))) {
      await this.#init();
    }
    this.#child = new Child(
      program('postgres', 'postgresql'),
      [
        ...['-D', this.#files, '-k', this.#run],
        ...['-c', 'listen_addresses=', '-c', `port=${PORT}`],
      ],
      { log: this.#log, ...this.#user },
    );
    await this.#child.within(
      'The start of PostgreSQL',
      () => this.#ready(),
      START_MS,
    );
  }

  async stop() {
    await this.#child?.stop();
    if (this.#lent) {
      rmSync(this.#lent, { recursive: true, force: true });
    }
  }

  /**
   * The folder of its files. An account of its own may have no way through the
   * folders of root; then it gets one for the time being.
   */
  #place() {
    if (this.#user.uid === undefined) {
      return join(this.#data, 'files');
    }
    // Ours to open; what is secret in them is so by itself.
    chmodSync(this.#data, 0o711);
    chmodSync(dirname(this.#data), 0o711);
    if (reachable(this.#data)) {
      return join(this.#data, 'files');
    }
    this.#say(
      `PostgreSQL does not run as root, and its own account has no way to ${this.#data}: its data is for this run only.`,
    );
    this.#lent = mkdtempSync(join(tmpdir(), 'drt-pg-'));
    chmodSync(this.#lent, 0o711);
    return join(this.#lent, 'files');
  }

  /** Says so itself, in the last line of a file. */
  #ready() {
    try {
      const file = join(this.#files, 'postmaster.pid');
      return /\nready\s*$/.test(readFileSync(file, 'utf8'));
    } catch {
      return false;
    }
  }

  /** Makes a folder that is the server's alone. */
  #own(folder) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (this.#user.uid !== undefined) {
      chmodSync(dirname(folder), 0o711);
    }
    this.#give(folder);
  }

  #give(path) {
    if (this.#user.uid !== undefined) {
      chownSync(path, this.#user.uid, this.#user.gid);
    }
  }

  async #init() {
    this.#own(this.#files);
    // Nobody comes in as its first account, whose password is told to nobody.
    const file = `${this.#files}.password`;
    writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
    this.#give(file);
    await this.#do('initdb', [
      ...['-D', this.#files, '-U', ACCOUNT, '--auth=scram-sha-256'],
      ...[`--pwfile=${file}`, '--encoding=UTF8', '--locale=C.UTF-8'],
      '--no-sync',
    ]);
    rmSync(file);
    const { username, password } = this.connection;
    const statements = [
      `CREATE ROLE ${username} LOGIN PASSWORD ${quoted(password)}`,
      `CREATE DATABASE ${DATABASE} OWNER ${username}`,
      '',
    ];
    await this.#do(
      'postgres',
      ['--single', '-D', this.#files, '-c', 'exit_on_error=true', ACCOUNT],
      statements.join(';\n'),
    );
  }

  /** Runs one of its programs as its account. */
  #do(name, args, input = '') {
    return new Promise((resolve, reject) => {
      const done = (error, out, errors) =>
        error ? reject(new Error(`${name}: ${errors || error}`)) : resolve(out);
      const options = { cwd: '/', ...this.#user };
      const child = execFile(program(name, 'postgresql'), args, options, done);
      child.stdin.end(input);
    });
  }
}
