// A broker of a test's own: on free ports, in a short temporary folder, gone
// with the test. The binary is $DRUPALRTD, or the one that ./dev build links.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BINARY = resolve(process.env.DRUPALRTD ?? 'out/bin/drupalrtd');

export async function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export class Broker {
  // `sites`: documents to start with; `flags`: more of the command line;
  // `env`: more of the environment; `certificate`: TLS on a port of its own.
  static async start({ flags = [], sites = [], env = {}, certificate } = {}) {
    const broker = new Broker();
    broker.dir = mkdtempSync(join(tmpdir(), 'rt-'));
    broker.port = await freePort();
    broker.internal = await freePort();
    broker.socket = join(broker.dir, 's');
    broker.args = [
      'serve',
      ...['--listen', `127.0.0.1:${broker.port}`],
      ...['--internal', `127.0.0.1:${broker.internal}`],
      ...['--socket', broker.socket],
      ...['--state', join(broker.dir, 'state')],
      ...['--ready-fd', '3'],
      ...flags,
    ];
    if (certificate) {
      broker.tlsPort = await freePort();
      broker.args.push(
        ...['--tls-listen', `127.0.0.1:${broker.tlsPort}`],
        ...['--tls-cert', certificate.cert],
        ...['--tls-key', certificate.key],
      );
    }
    broker.env = env;
    sites.forEach((site, i) => {
      const file = join(broker.dir, `site${i}.json`);
      writeFileSync(file, JSON.stringify(site));
      broker.args.push('--site', file);
    });
    await broker.launch();
    return broker;
  }

  async launch() {
    this.log = '';
    this.child = spawn(BINARY, this.args, {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.child.stderr.on('data', (text) => {
      this.log += text;
    });
    this.exited = new Promise((done) => {
      this.child.on('exit', (code, signal) => done({ code, signal }));
    });
    await new Promise((ready, failed) => {
      this.child.stdio[3].once('data', ready);
      this.child.on('exit', (code) =>
        failed(new Error(`the broker ended with ${code}: ${this.log}`)),
      );
    });
  }

  get url() {
    return `ws://127.0.0.1:${this.port}/connection/websocket`;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  // One HTTP request to the API.
  async api(method, params, headers = {}) {
    const url = `http://127.0.0.1:${this.internal}/api/${method}`;
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(params),
    });
    return response.json();
  }

  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    return this.exited;
  }

  async remove() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.stop('SIGKILL');
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}
