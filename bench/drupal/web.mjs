// A site under nginx and php-fpm, on a port of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../../demo/runner/child.mjs';
import { program } from '../../demo/runner/servers/program.mjs';
import { listens } from '../../demo/runner/wait.mjs';

const ROOT = process.getuid() === 0;
const STATUS = '/fpm-status';

/** The program that belongs to the `php` of the command line. */
function phpFpm() {
  const version = 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;';
  const php = execFileSync('php', ['-r', version], { encoding: 'utf8' });
  return program(`php-fpm${php}`, 'php-fpm');
}

export class Web {
  #options;

  /**
   * folder: for configuration and logs; run: a short one for the socket; front:
   * the PHP file that serves all; port; workers: how many of PHP; ini and env:
   * what PHP is told.
   */
  constructor(options) {
    this.#options = options;
  }

  get url() {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get pids() {
    return { php: this.fpm.pid, nginx: this.nginx.pid };
  }

  async start() {
    const { folder, run, port, ini, env } = this.#options;
    mkdirSync(folder, { recursive: true });
    const socket = join(run, 'fpm.sock');
    const pool = join(folder, 'fpm.conf');
    const site = join(folder, 'nginx.conf');
    writeFileSync(pool, this.#pool(socket));
    writeFileSync(site, this.#site(socket));
    const log = join(folder, 'web.log');
    const flags = Object.entries(ini).flatMap(([key, value]) => [
      '-d',
      `${key}=${value}`,
    ]);
    this.fpm = new Child(
      phpFpm(),
      [...(ROOT ? ['-R'] : []), '-F', '-y', pool, ...flags],
      { env, log },
    );
    await this.fpm.within('The start of php-fpm', () => listens(socket));
    this.nginx = new Child(
      program('nginx', 'nginx'),
      ['-p', folder, '-c', site],
      { log },
    );
    await this.nginx.within('The start of nginx', () => listens(port));
  }

  async stop() {
    await this.nginx?.stop();
    await this.fpm?.stop();
  }

  /** How many requests PHP has taken; asking is one of them. */
  async requests() {
    const answer = await fetch(`${this.url}${STATUS}?json`);
    return (await answer.json())['accepted conn'];
  }

  #pool(socket) {
    const { folder, workers } = this.#options;
    return `
[global]
error_log = ${folder}/fpm.log
[www]
${ROOT ? 'user = root' : ''}
listen = ${socket}
pm = static
pm.max_children = ${workers}
pm.status_path = ${STATUS}
clear_env = no
catch_workers_output = yes
`;
  }

  #site(socket) {
    const { folder, port, front } = this.#options;
    const php = (name, file) => `
      fastcgi_pass unix:${socket};
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REQUEST_URI $request_uri;
      fastcgi_param SERVER_PROTOCOL $server_protocol;
      fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param SERVER_ADDR $server_addr;
      fastcgi_param SERVER_PORT $server_port;
      fastcgi_param SERVER_NAME $host;
      fastcgi_param SCRIPT_NAME ${name};
      fastcgi_param SCRIPT_FILENAME ${file};`;
    return `
${ROOT ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log;
events {}
http {
  access_log ${folder}/access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_timeout 75s;
  keepalive_requests 100000;
  server {
    listen 127.0.0.1:${port};
    location = ${STATUS} {${php(STATUS, front)}
    }
    location / {${php('/index.php', front)}
    }
  }
}
`;
  }
}
