/**
 * A site on https, with the lines of the module's README in nginx.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Child } from '../../demo/runner/child.mjs';
import { freePorts } from '../../demo/runner/ports.mjs';
import { listens, until } from '../../demo/runner/wait.mjs';
import {
  closeBrowser,
  hears,
  listen,
  openContent,
  person,
} from './support/people.mjs';
import { php, site } from './support/site.mjs';

const README = new URL(
  '../../drupal_module/drupalrt/README.md',
  import.meta.url,
);

let nginx = null;
let url = '';

/** The README's lines for nginx, with the suite's port of the broker. */
function snippet() {
  const [, lines] = readFileSync(README, 'utf8').match(
    /```nginx\n([\s\S]*?)```/,
  );
  assert.ok(lines.includes('127.0.0.1:8000'));
  return lines.replace('127.0.0.1:8000', `127.0.0.1:${site.brokerPort}`);
}

function configuration(folder, port) {
  return `
    ${process.getuid() === 0 ? 'user root;' : ''}
    daemon off;
    pid ${folder}/pid;
    error_log ${folder}/error.log;
    events {}
    http {
      access_log off;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${folder}/cert.pem;
        ssl_certificate_key ${folder}/key.pem;
        location / {
          proxy_pass http://127.0.0.1:${site.port};
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For $remote_addr;
          proxy_set_header X-Forwarded-Proto $scheme;
        }
        ${snippet()}
      }
    }`;
}

const arriveBy = (name) => person(name, { url, ignoreHTTPSErrors: true });

// Its hooks are its own: those at the top run before every file's tests.
describe('behind nginx', () => {
  before(async () => {
    const [port] = await freePorts([0]);
    const folder = join(site.folder, 'nginx');
    url = `https://127.0.0.1:${port}`;
    mkdirSync(folder);
    execFileSync('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
      ...['-subj', '/CN=127.0.0.1', '-keyout', `${folder}/key.pem`],
      ...['-out', `${folder}/cert.pem`],
    ]);
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port));
    const settings = join(site.root, 'sites/default/settings.php');
    chmodSync(settings, 0o644);
    appendFileSync(
      settings,
      "\n$settings['reverse_proxy'] = TRUE;\n$settings['reverse_proxy_addresses'] = ['127.0.0.1'];\n",
    );
    nginx = new Child(
      existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx',
      ['-c', join(folder, 'nginx.conf'), '-p', folder],
      { log: join(site.folder, 'nginx.log') },
    );
    await until('The start of nginx', () => listens(port));
  });

  after(async () => {
    await closeBrowser();
    await nginx?.stop();
  });

  test('on https the status report asks for a path, and the form takes it', async () => {
    await php(
      "Drupal::configFactory()->getEditable('drupalrt.settings')->set('url', '')->save(); return 1;",
    );
    const admin = await arriveBy('admin');
    await admin.go('/admin/reports/status');
    await admin.getByText('This https page cannot reach the broker').waitFor();
    await admin.go('/admin/config/services/drupalrt');
    await admin.fill('[name=url]', '/drupalrt');
    await admin.click('#edit-submit');
    await admin.getByText('The broker knows the site.').waitFor();
    await admin.go('/admin/reports/status');
    await admin.getByText('Connected to drupalrtd').waitFor();
    await admin.leave();
  });

  test('the lines of the README carry it, login and all', async () => {
    const member = await arriveBy('member');
    await openContent(member);
    await listen(member, 'members:lobby');
    await hears(member, 'subscribed');
    await php(`
    Drupal\\node\\Entity\\Node::create(['type' => 'page', 'title' => 'By way of nginx'])->save();
    return 1;
  `);
    await member.getByText('By way of nginx').waitFor();
    await member.leave();
  });

  test('and a visitor is none the wiser', async () => {
    const visitor = await arriveBy('');
    await openContent(visitor);
    await listen(visitor, 'members:lobby');
    await hears(visitor, 'unsubscribed 103');
    await visitor.leave();
  });
});
