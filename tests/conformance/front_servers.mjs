// Web servers in front of a broker, with the lines of doc/proxies.md as they
// stand there: nginx, Apache and Caddy, each in a folder of its own, on http
// and on https.
import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './broker.mjs';

const DOC = new URL('../../doc/proxies.md', import.meta.url);
const BROKER = '127.0.0.1:8000';

// The document's lines in that language, with the broker's own port.
export function snippet(language, port) {
  const [, lines] = readFileSync(DOC, 'utf8').match(
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``),
  );
  if (!lines.includes(BROKER)) throw new Error(`${BROKER} is not in it`);
  return lines.replaceAll(BROKER, `127.0.0.1:${port}`);
}

const asRoot = process.getuid() === 0;

const servers = {
  nginx: ({ folder, http, https, certificate, lines }) => ({
    file: 'nginx.conf',
    text: `
      ${asRoot ? 'user root;' : ''}
      daemon off;
      pid ${folder}/pid;
      error_log ${folder}/log;
      events { worker_connections 512; }
      http {
        access_log off;
        client_body_temp_path ${folder}/body;
        proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi;
        scgi_temp_path ${folder}/scgi;
        gzip on;
        gzip_types *;
        server {
          listen 127.0.0.1:${http};
          listen 127.0.0.1:${https} ssl;
          ssl_certificate ${certificate.cert};
          ssl_certificate_key ${certificate.key};
          ${lines}
        }
      }`,
    command: [
      '/usr/sbin/nginx',
      '-p',
      folder,
      '-c',
      join(folder, 'nginx.conf'),
    ],
  }),
  apache: ({ folder, http, https, certificate, lines }) => ({
    file: 'apache.conf',
    text: `
      ServerRoot ${folder}
      ServerName golden.test
      PidFile ${folder}/pid
      DefaultRuntimeDir ${folder}
      Mutex file:${folder}
      ErrorLog ${folder}/log
      ${asRoot ? '' : '#'}User www-data
      ${asRoot ? '' : '#'}Group www-data
      ${[
        'mpm_event',
        'authz_core',
        'env',
        'headers',
        'ssl',
        'proxy',
        'proxy_http',
        'filter',
        'deflate',
      ]
        .map(
          (name) =>
            `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
        )
        .join('\n')}
      SetOutputFilter DEFLATE
      Listen 127.0.0.1:${http}
      Listen 127.0.0.1:${https}
      <VirtualHost 127.0.0.1:${http}>
        ${lines}
      </VirtualHost>
      <VirtualHost 127.0.0.1:${https}>
        SSLEngine on
        SSLCertificateFile ${certificate.cert}
        SSLCertificateKeyFile ${certificate.key}
        ${lines}
      </VirtualHost>`,
    command: [
      '/usr/sbin/apache2',
      '-DFOREGROUND',
      '-f',
      join(folder, 'apache.conf'),
    ],
  }),
  caddy: ({ folder, http, https, certificate, lines }) => ({
    file: 'Caddyfile',
    text: `
{
	admin off
	auto_https off
	storage file_system ${folder}
}
http://:${http} {
	bind 127.0.0.1
	encode gzip
	${lines}
	respond 404
}
https://:${https} {
	bind 127.0.0.1
	tls ${certificate.cert} ${certificate.key}
	encode gzip
	${lines}
	respond 404
}
`,
    command: [
      '/usr/bin/caddy',
      'run',
      '--adapter',
      'caddyfile',
      '--config',
      join(folder, 'Caddyfile'),
    ],
    check: [
      '/usr/bin/caddy',
      'validate',
      '--adapter',
      'caddyfile',
      '--config',
      join(folder, 'Caddyfile'),
    ],
  }),
};

export const kinds = Object.keys(servers);

const listens = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });

export class FrontServer {
  // `more`: of the site's own, beside the document's lines; `port`: of https.
  static async start(kind, { broker, certificate, more = '', port = 0 }) {
    const made = new FrontServer();
    made.folder = mkdtempSync(join(tmpdir(), `rt-${kind}-`));
    const http = await freePort();
    const https = port || (await freePort());
    const { file, text, command, check } = servers[kind]({
      folder: made.folder,
      http,
      https,
      certificate,
      lines: snippet(kind, broker.port) + more,
    });
    writeFileSync(join(made.folder, file), text);
    mkdirSync(join(made.folder, 'home'));
    const env = { ...process.env, HOME: join(made.folder, 'home') };
    if (check) execFileSync(check[0], check.slice(1), { env, stdio: 'pipe' });
    const [program, ...args] = command;
    made.child = spawn(program, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    made.said = '';
    for (const out of [made.child.stdout, made.child.stderr]) {
      out.on('data', (bytes) => {
        made.said += bytes;
      });
    }
    let failure = null;
    made.child.on('error', (error) => {
      failure = error;
    });
    made.exited = new Promise((done) => {
      made.child.on('close', done);
    });
    const until = Date.now() + 15000;
    while (!((await listens(http)) && (await listens(https)))) {
      if (failure || made.child.exitCode !== null || Date.now() > until) {
        await made.stop();
        throw new Error(`${kind} does not start: ${failure ?? made.said}`);
      }
      await new Promise((later) => setTimeout(later, 20));
    }
    made.http = `http://127.0.0.1:${http}/drupalrt`;
    made.https = `https://127.0.0.1:${https}/drupalrt`;
    return made;
  }

  async stop() {
    if (this.child.exitCode === null && this.child.pid) {
      this.child.kill('SIGTERM');
      const hard = setTimeout(() => this.child.kill('SIGKILL'), 3000);
      await this.exited;
      clearTimeout(hard);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
