// The sample site, where there is no Drupal: the same tables of people, roles
// and sessions, and far less code.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Site } from '../../demo/runner/site.mjs';
import { dsn } from '../../demo/runner/stores.mjs';
import { Web } from './web.mjs';

const run = promisify(execFile);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const PASSWORD = 'bench';

export class SampleSite {
  channel = 'chat:lounge';
  about = 'the sample site (no Drupal: far less code runs for a request)';
  #options;
  #site;

  /**
   * options: folder and run, as Web has them; port; workers; ini; extension and
   * socket, of the broker; brokerUrl; database, in the words of $databases;
   * people, how many.
   */
  constructor(options) {
    this.#options = options;
    const { folder, database, brokerUrl, extension, socket } = options;
    mkdirSync(folder, { recursive: true });
    this.#site = new Site({
      ...{ extension, socket, port: options.port, state: folder },
      brokerPort: Number(new URL(brokerUrl).port),
      accessLog: '',
      stores: {
        DEMO_DSN: dsn(database),
        DEMO_DB_USER: database.username,
        DEMO_DB_PASSWORD: database.password,
      },
    });
  }

  async install() {
    const { people } = this.#options;
    const args = [here('sample/setup.php'), String(people), PASSWORD];
    await run('php', args, { env: { ...process.env, ...this.#site.env } });
  }

  /** Under nginx and php-fpm. */
  web() {
    const { folder, run: short, port, ini, workers } = this.#options;
    const front = here('sample/index.php');
    const { env } = this.#site;
    return new Web({
      folder: join(folder, 'web'),
      run: short,
      front,
      port,
      ini,
      workers,
      env,
    });
  }

  /** Signs a browser in. */
  async signIn(browser, name) {
    const form = await browser.must(200, 'GET', '/login');
    browser.keepCookie(form);
    const [, token] = form.text.match(/name="token" value="([^"]+)"/);
    const body = new URLSearchParams({ token, name, password: PASSWORD });
    const answer = await browser.must(303, 'POST', '/login', {
      body: String(body),
      type: 'application/x-www-form-urlencoded',
    });
    browser.keepCookie(answer);
    const room = await browser.must(200, 'GET', '/drupalrt-bench/token');
    browser.token = JSON.parse(room.text).token;
  }

  /** Introduces the site to the broker. */
  async enable() {
    await this.#site.console('site:sync');
  }
}
