/**
 * The database of a recorded site: a server of its own, or a file.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mariadb } from '../../../demo/runner/servers/mariadb.mjs';
import { Postgresql } from '../../../demo/runner/servers/postgresql.mjs';
import { program } from '../../../demo/runner/servers/program.mjs';

const SERVERS = { mysql: Mariadb, pgsql: Postgresql };
const script = (name) => fileURLToPath(new URL(`php/${name}`, import.meta.url));
const run = (command, args, options) =>
  execFileSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });

/** The names of golden sites say what they are on. */
export const SUFFIXES = {
  sqlite: 'sqlite',
  mysql: 'mariadb',
  pgsql: 'pgsql',
};

export class SiteDatabase {
  #driver;
  #server = null;
  #connection;
  #root;

  constructor(driver, folder, root) {
    this.#driver = driver;
    this.#root = root;
    if (driver === 'sqlite') {
      mkdirSync(join(root, 'sites/default/files'), { recursive: true });
      this.#connection = {
        driver,
        database: join(root, 'sites/default/files/.sqlite'),
      };
      return;
    }
    // Of plain characters: Drupal's drivers do not take every other.
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    const password = randomBytes(16).toString('hex');
    writeFileSync(join(data, 'password'), password, { mode: 0o600 });
    this.#server = new SERVERS[driver]({
      data,
      run: folder,
      log: join(folder, 'database.log'),
    });
  }

  async start() {
    await this.#server?.start();
    this.#connection ??= this.#server.connection;
  }

  async stop() {
    await this.#server?.stop();
  }

  get prefix() {
    return this.#driver === 'mysql' ? 'dp_' : '';
  }

  /** In the words of Drupal's $databases. */
  get connection() {
    return { ...this.#connection, prefix: this.prefix };
  }

  table(name) {
    return this.prefix + name;
  }

  /** Runs statements that change something each. */
  execute(statements) {
    const { driver, database, unix_socket: socket, host } = this.#connection;
    const dsn = {
      sqlite: `sqlite:${database}`,
      mysql: `mysql:unix_socket=${socket};dbname=${database};charset=utf8mb4`,
      pgsql: `pgsql:host=${host};dbname=${database}`,
    }[driver];
    const { username = null, password = null } = this.#connection;
    const root = this.#root;
    const input = JSON.stringify({ dsn, username, password, root, statements });
    run('php', ['-d', 'display_errors=stderr', script('sql.php')], { input });
  }

  /** Tables as SQL: {table: condition}. */
  dump(tables) {
    return { sqlite: dumpSqlite, mysql: dumpMysql, pgsql: dumpPgsql }[
      this.#driver
    ](this.#connection, this.prefix, tables);
  }
}

function dumpSqlite({ database }, prefix, tables) {
  const input = JSON.stringify(tables);
  return run('php', [script('dump_sqlite.php'), database], { input });
}

function dumpMysql(connection, prefix, tables) {
  const env = { ...process.env, MYSQL_PWD: connection.password };
  const dump = program('mariadb-dump', 'mariadb-client');
  const parts = Object.entries(tables).map(([table, condition]) =>
    run(
      dump,
      [
        ...['--no-defaults', `--socket=${connection.unix_socket}`],
        ...[`--user=${connection.username}`, '--compact', '--hex-blob'],
        ...['--complete-insert', '--skip-extended-insert'],
        ...['--default-character-set=utf8mb4', '--order-by-primary'],
        ...['--no-tablespaces', `--where=${condition}`, connection.database],
        prefix + table,
      ],
      { env },
    ),
  );
  // The sandbox's line is one that other clients do not understand.
  const lines = parts.join('').split('\n');
  return [
    'SET NAMES utf8mb4;',
    ...lines.filter((line) => !line.startsWith('/*M!')),
  ].join('\n');
}

function dumpPgsql(connection, prefix, tables) {
  const env = { ...process.env, PGPASSWORD: connection.password };
  const text = run(
    program('pg_dump', 'postgresql-client'),
    [
      ...['-h', connection.host, '-U', connection.username],
      ...['--no-owner', '--no-privileges', '--column-inserts'],
      ...Object.keys(tables).flatMap((table) => ['-t', prefix + table]),
      connection.database,
    ],
    { env },
  );
  // pg_dump knows no condition; but each row is a line.
  const unwanted = [
    /^(--|SET |SELECT pg_catalog\.set_config|\\|$)/,
    /\.config \(.*VALUES \('[^']*', '(?!user\.role\.)/,
    /\.variable \(.*VALUES \('(?![^']*session|site_name)/,
  ];
  return text
    .split('\n')
    .filter((line) => !unwanted.some((kind) => kind.test(line)))
    .join('\n')
    .concat('\n');
}
