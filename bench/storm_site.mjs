// A site in Drupal 10's layout with as many users as wanted, each signed in
// once, on a MariaDB of its own or in a SQLite file; and its database's ways to
// go away and come back.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Mariadb } from '../demo/runner/servers/mariadb.mjs';

const COOKIE = 'SESSstorm';
const ROLE = 'member';

const sessionId = (n) => `storm-session-${String(n).padStart(6, '0')}`;
const hash = (id) => createHash('sha256').update(id).digest('base64url');

function* statements(sessions, blob) {
  yield `CREATE TABLE sessions (uid INT NOT NULL, sid VARCHAR(128) NOT NULL
    PRIMARY KEY, hostname VARCHAR(128) NOT NULL DEFAULT '',
    timestamp BIGINT NOT NULL DEFAULT 0, session ${blob})`;
  yield `CREATE TABLE users_field_data (uid INT NOT NULL,
    langcode VARCHAR(12) NOT NULL, name VARCHAR(60) NOT NULL, status INT,
    default_langcode INT NOT NULL, PRIMARY KEY (uid, langcode))`;
  yield `CREATE TABLE user__roles (entity_id INT NOT NULL, delta INT NOT NULL,
    roles_target_id VARCHAR(255) NOT NULL, PRIMARY KEY (entity_id, delta))`;
  yield `CREATE TABLE config (collection VARCHAR(255) NOT NULL DEFAULT '',
    name VARCHAR(255) NOT NULL DEFAULT '', data ${blob},
    PRIMARY KEY (collection, name))`;
  for (const [id, permission] of [
    ['anonymous', 'look'],
    ['authenticated', 'read'],
    [ROLE, 'write'],
  ]) {
    yield `INSERT INTO config (name, data) VALUES ('user.role.${id}',
      'a:1:{s:11:"permissions";a:1:{i:0;s:${permission.length}:"${permission}";}}')`;
  }
  const insert = (table, row) => {
    const rows = Array.from({ length: sessions }, (_, n) => row(n + 2, n));
    return `INSERT INTO ${table} VALUES ${rows.join(',')}`;
  };
  yield insert('sessions', (uid, n) => {
    const data = `_sf2_attributes|a:1:{s:3:"uid";s:${String(uid).length}:"${uid}";}`;
    return `(${uid},'${hash(sessionId(n))}','127.0.0.1',1700000000,'${data}')`;
  });
  yield insert('users_field_data', (uid) => `(${uid},'en','user ${uid}',1,1)`);
  yield insert('user__roles', (uid) => `(${uid},0,'${ROLE}')`);
}

class SqliteStore {
  constructor(folder) {
    this.path = join(folder, 'site.sqlite');
    this.database = { driver: 'sqlite', path: this.path };
    this.blob = 'BLOB';
  }
  async start() {}
  run(sql) {
    const exec =
      '(new SQLite3($argv[1]))->exec(stream_get_contents(STDIN)) || exit(1);';
    execFileSync('php', ['-r', exec, this.path], {
      input: `BEGIN;${sql};COMMIT;`,
    });
  }
  async away() {
    renameSync(this.path, `${this.path}.away`);
  }
  async back() {
    renameSync(`${this.path}.away`, this.path);
  }
  // Connections that were open at the same time, at most.
  mostConnections() {
    return undefined;
  }
  async stop() {}
}

class MariadbStore {
  constructor(folder) {
    const run = join(folder, 'run');
    mkdirSync(run);
    this.server = new Mariadb({
      data: join(folder, 'data'),
      run,
      log: join(folder, 'mariadb.log'),
    });
    this.blob = 'LONGBLOB';
  }
  async start() {
    await this.server.start();
    const { unix_socket: socket, ...rest } = this.server.connection;
    this.database = { ...rest, socket };
  }
  run(sql) {
    const { socket, username, password, database } = this.database;
    return execFileSync(
      'mariadb',
      [
        ...['--no-defaults', `--socket=${socket}`, `--user=${username}`],
        ...['--batch', '--skip-column-names', database],
      ],
      {
        env: { ...process.env, MYSQL_PWD: password },
        input: sql,
        encoding: 'utf8',
      },
    );
  }
  async away() {
    await this.server.stop();
  }
  async back() {
    await this.server.start();
  }
  mostConnections() {
    // This question's own is one of them.
    const said = this.run("SHOW GLOBAL STATUS LIKE 'Max_used_connections'");
    return Number(said.split('\t')[1]) - 1;
  }
  async stop() {
    await this.server.stop();
  }
}

export class StormSite {
  static async make({ driver, sessions }) {
    const site = new StormSite();
    site.folder = mkdtempSync(join(tmpdir(), 'rt-storm-'));
    const Store = driver === 'mysql' ? MariadbStore : SqliteStore;
    site.store = new Store(site.folder);
    await site.store.start();
    site.store.run([...statements(sessions, site.store.blob)].join(';\n'));
    site.document = {
      version: 1,
      key: 'storm',
      hosts: ['storm.test'],
      anonymous: false,
      cookies: { http: [COOKIE] },
      schema: 10,
      database: site.store.database,
      namespaces: [{ name: 'members', subscribe: { permission: 'write' } }],
    };
    return site;
  }

  // The lines of the handshake of the n-th user's browser.
  headers(n) {
    return ['Origin: http://storm.test', `Cookie: ${COOKIE}=${sessionId(n)}`];
  }
  cookie(n) {
    return `${COOKIE}=${sessionId(n)}`;
  }
  origin = 'http://storm.test';

  async remove() {
    await this.store.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
