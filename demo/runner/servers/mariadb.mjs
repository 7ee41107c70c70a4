/**
 * A MariaDB of one's own: its data in a folder, its socket in another, no port.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child } from '../child.mjs';
import { speaks } from '../wait.mjs';
import { program } from './program.mjs';
import { keptSecret, ODD } from './secret.mjs';

const run = promisify(execFile);
const START_MS = 60000;
const DATABASE = 'drupal';

/** A string of SQL. */
const quoted = (text) => `'${text.replace(/[\\']/g, '\\$&')}'`;

export class Mariadb {
  #data;
  #socket;
  #log;
  #options;
  #child = null;

  /**
   * data: the folder that stays; run: a short one for the socket; log: a file;
   * options: more of the server's own.
   */
  constructor({ data, run: folder, log, options = [] }) {
    this.#data = data;
    this.#socket = join(folder, 'my.sock');
    this.#log = log;
    this.#options = options;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Where it is, in the words of Drupal's $databases. */
  get connection() {
    return {
      driver: 'mysql',
      unix_socket: this.#socket,
      database: DATABASE,
      username: DATABASE,
      password: keptSecret(join(this.#data, 'password'), ODD),
    };
  }

  async start() {
    mkdirSync(this.#data, { recursive: true, mode: 0o700 });
    const files = join(this.#data, 'files');
    // A folder for temporary tables of its own: a server that starts takes
    // those of others in a shared one for left-overs.
    const common = [
      ...[`--datadir=${files}`, `--tmpdir=${this.#data}`],
      `--user=${userInfo().username}`,
    ];
    if (!existsSync(join(files, 'mysql'))) {
      await run(program('mariadb-install-db', 'mariadb-server'), [
        ...['--no-defaults', '--skip-test-db', '--skip-name-resolve'],
        ...['--auth-root-authentication-method=normal', ...common],
      ]);
    }
    this.#child = new Child(
      program('mariadbd', 'mariadb-server'),
      [
        ...['--no-defaults', ...common],
        ...[`--socket=${this.#socket}`, `--pid-file=${this.#socket}.pid`],
        ...['--skip-networking', `--init-file=${this.#accounts()}`],
        ...this.#options,
      ],
      { log: this.#log },
    );
    // It listens for a while before it answers.
    await this.#child.within(
      'The start of MariaDB',
      () => speaks(this.#socket),
      START_MS,
    );
  }

  async stop() {
    await this.#child?.stop();
  }

  /** The statements that each start begins with; they hold for every state. */
  #accounts() {
    const { username, password } = this.connection;
    const root = keptSecret(join(this.#data, 'root-password'));
    const file = join(this.#data, 'accounts.sql');
    const account = `${quoted(username)}@'localhost'`;
    writeFileSync(
      file,
      [
        `ALTER USER 'root'@'localhost' IDENTIFIED BY ${quoted(root)};`,
        `CREATE DATABASE IF NOT EXISTS ${DATABASE} CHARACTER SET utf8mb4;`,
        `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY ${quoted(password)};`,
        `GRANT ALL ON ${DATABASE}.* TO ${account};`,
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    return file;
  }
}
