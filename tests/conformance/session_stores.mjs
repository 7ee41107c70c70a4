// Session stores of a test's own: servers of the distribution on sockets in a
// temporary folder, PHP that writes sessions into them, and a site beside.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const COMMANDS = {
  redis: (socket) => [
    'redis-server',
    ...['--port', '0', '--unixsocket', socket],
    ...['--save', '', '--appendonly', 'no'],
  ],
  memcached: (socket) => ['memcached', '-s', socket, '-u', userInfo().username],
};

const listens = (socket) =>
  new Promise((done) => {
    const link = connect(socket);
    link.once('connect', () => {
      link.destroy();
      done(true);
    });
    link.once('error', () => done(false));
  });

// What PHP prints, with sessions as their settings say and without cookies.
export function php(code, settings = []) {
  const ini = ['session.use_cookies=0', 'session.cache_limiter=', ...settings];
  const { status, stdout, stderr } = spawnSync(
    'php',
    [...ini.flatMap((setting) => ['-d', setting]), '-r', code],
    { encoding: 'utf8' },
  );
  assert.equal(stderr, '');
  assert.equal(status, 0, stdout);
  return stdout;
}

export class SessionStore {
  static async start(kind) {
    const store = new SessionStore();
    store.kind = kind;
    store.dir = mkdtempSync(join(tmpdir(), 'rt-store-'));
    store.socket = join(store.dir, 's');
    await store.launch();
    return store;
  }

  async launch() {
    const [program, ...flags] = COMMANDS[this.kind](this.socket);
    rmSync(this.socket, { force: true });
    this.child = spawn(program, flags, { stdio: 'ignore' });
    this.exited = new Promise((done) => {
      this.child.on('exit', done);
      this.child.on('error', done);
    });
    while (!(await listens(this.socket))) {
      assert.equal(this.child.exitCode, null, `${program} does not start`);
      assert.ok(this.child.pid, `${program} is not installed`);
    }
  }

  // What a site document says of it.
  get session() {
    return {
      handler: this.kind,
      serializer: 'php',
      store:
        this.kind === 'redis'
          ? { socket: this.socket }
          : { servers: [this.socket] },
    };
  }

  // PHP opens the session and runs `code` in it.
  php(id, code) {
    const path = this.kind === 'redis' ? `unix://${this.socket}` : this.socket;
    const out = php(`session_id('${id}'); session_start(); ${code}`, [
      `session.save_handler=${this.kind}`,
      `session.save_path="${path}"`,
    ]);
    assert.equal(out, '');
  }
  signIn(id, uid) {
    this.php(id, `$_SESSION['_sf2_attributes'] = ['uid' => '${uid}'];`);
  }
  signOut(id) {
    this.php(id, 'session_destroy();');
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  async remove() {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

// Drupal's tables with the accounts 2 and 3, in a file in `dir`.
export function accounts(dir) {
  const path = join(dir, 'site.sqlite');
  const sql = [
    'CREATE TABLE users_field_data (uid INTEGER, name TEXT, status INTEGER, default_langcode INTEGER)',
    'CREATE TABLE user__roles (entity_id INTEGER, roles_target_id TEXT)',
    'CREATE TABLE config (collection TEXT, name TEXT, data BLOB)',
    'INSERT INTO users_field_data VALUES (2, "editor", 1, 1), (3, "member", 1, 1)',
  ];
  php(`(new PDO('sqlite:${path}'))->exec('${sql.join(';')}');`);
  return path;
}

// PHP code: a session handler that only PHP knows, which keeps documents as a
// document database would, here in the file `path`.
export const documentHandler = (path) => `
  class DocumentSessionHandler implements SessionHandlerInterface {
    private function all() {
      return json_decode(@file_get_contents('${path}') ?: '{}', TRUE);
    }
    private function keep($all) {
      return file_put_contents('${path}', json_encode($all)) > 0;
    }
    function open($path, $name): bool { return TRUE; }
    function close(): bool { return TRUE; }
    function read($id): string {
      return base64_decode($this->all()[$id]['data'] ?? '');
    }
    function write($id, $data): bool {
      $document = ['data' => base64_encode($data), 'at' => time()];
      return $this->keep([$id => $document] + $this->all());
    }
    function destroy($id): bool {
      return $this->keep(array_diff_key($this->all(), [$id => 1]));
    }
    function gc($lifetime): int { return 0; }
  }
  session_set_save_handler(new DocumentSessionHandler(), TRUE);
`;
