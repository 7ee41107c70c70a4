/**
 * Where the sample site keeps what it knows, by one word: a database, sessions
 * elsewhere, or both (`mysql`, `redis`, `pgsql+memcached`). What is not named is
 * SQLite, and sessions in the database.
 */
import { join } from 'node:path';
import { Mariadb } from './servers/mariadb.mjs';
import { Memcached } from './servers/memcached.mjs';
import { Postgresql } from './servers/postgresql.mjs';
import { Redis } from './servers/redis.mjs';

const DATABASES = ['sqlite', 'mysql', 'pgsql'];
const SESSIONS = ['database', 'redis', 'memcached'];

const SERVERS = {
  mysql: Mariadb,
  pgsql: Postgresql,
  redis: Redis,
  memcached: Memcached,
};

/** {database, sessions} of a word, or null for one that says nothing. */
export function parseStore(word) {
  const parts = word.split('+');
  const of = (known) => parts.filter((part) => known.includes(part));
  const database = of(DATABASES);
  const sessions = of(SESSIONS);
  const good =
    database.length < 2 &&
    sessions.length < 2 &&
    database.length + sessions.length === parts.length;
  return good
    ? { database: database[0] ?? 'sqlite', sessions: sessions[0] ?? 'database' }
    : null;
}

/** The same store by its shortest word; '' for the usual one. */
export function storeWord({ database, sessions }) {
  return [database, sessions]
    .filter((part) => part !== 'sqlite' && part !== 'database')
    .join('+');
}

/** A connection of ours as PDO takes it. */
export function dsn({ driver, unix_socket: socket, host, database }) {
  return driver === 'mysql'
    ? `mysql:unix_socket=${socket};dbname=${database};charset=utf8mb4`
    : `pgsql:host=${host};dbname=${database}`;
}

/** The servers that a store needs, started and stopped together. */
export class Stores {
  #servers = new Map();
  #store;

  /**
   * store: as parseStore() has it; state: the folder that stays; run: a short
   * one for sockets; say: told what the user should know.
   */
  constructor({ store, state, run, say }) {
    this.#store = store;
    for (const name of Object.values(store)) {
      const Server = SERVERS[name];
      if (Server) {
        const data = join(state, name);
        const log = join(state, `${name}.log`);
        this.#servers.set(name, new Server({ data, run, log, say }));
      }
    }
  }

  async start() {
    await Promise.all([...this.#servers.values()].map((one) => one.start()));
  }

  async stop() {
    await Promise.all([...this.#servers.values()].map((one) => one.stop()));
  }

  /** One of the servers, for who wants to see it fail. */
  server(name) {
    return this.#servers.get(name);
  }

  /** What PHP is told in its environment; secrets are in no command line. */
  get env() {
    const { database, sessions } = this.#store;
    const env = {};
    if (database !== 'sqlite') {
      const connection = this.server(database).connection;
      env.DEMO_DSN = dsn(connection);
      env.DEMO_DB_USER = connection.username;
      env.DEMO_DB_PASSWORD = connection.password;
    }
    if (sessions !== 'database') {
      const { socket, password } = this.server(sessions).connection;
      env.DEMO_SESSIONS = sessions;
      env.DEMO_SESSION_PATH =
        sessions === 'redis' ? `unix://${socket}?auth=${password}` : socket;
    }
    return env;
  }
}
