// A real Drupal, on a copy of somebody's tree: installed on MariaDB with a chat
// room that is asked by polling, and with drupalrt once that was measured.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyDrupal } from '../../demo/drupal/copy.mjs';
import { DrupalSite } from '../../demo/drupal/site.mjs';
import { Web } from './web.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const PASSWORD = 'bench';

export class RealDrupal {
  channel = 'bench:room';
  #options;
  #site;

  /** options: tree, what is copied; and all that SampleSite has. */
  constructor(options) {
    this.#options = options;
  }

  get about() {
    const file = join(this.#site.root, 'core/lib/Drupal.php');
    const [, version] = readFileSync(file, 'utf8').match(
      /const VERSION = '([^']+)'/,
    );
    return `Drupal ${version}, profile "minimal"`;
  }

  async install() {
    const { tree, folder, port, database, people } = this.#options;
    const { extension, socket } = this.#options;
    const root = copyDrupal(tree, join(folder, 'site'));
    cpSync(here('module'), join(root, 'modules/custom'), { recursive: true });
    const log = join(folder, 'php.log');
    const site = { root, extension, socket, port, log, ini: {} };
    this.#site = new DrupalSite(site);
    await this.#site.install('Bench', database);
    await this.#run('setup.php', people, PASSWORD);
  }

  /** Under nginx and php-fpm. */
  web() {
    const { folder, run, port, ini, workers } = this.#options;
    const front = join(this.#site.root, 'index.php');
    return new Web({ folder, run, front, port, ini, workers, env: {} });
  }

  /** Signs a browser in. */
  async signIn(browser, name) {
    const body = JSON.stringify({ name, pass: PASSWORD });
    const path = '/user/login?_format=json';
    const answer = await browser.must(200, 'POST', path, { body });
    browser.keepCookie(answer);
    browser.token = JSON.parse(answer.text).csrf_token;
  }

  /** Installs drupalrt and introduces the site to the broker. */
  async enable() {
    await this.#run('enable.php');
    await this.#run('../../demo/drupal/introduce.php', this.#options.brokerUrl);
  }

  #run(script, ...args) {
    const { root, url } = this.#site;
    return this.#site.run(here(script), [root, url, ...args.map(String)]);
  }
}
