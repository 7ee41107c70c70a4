// A Drupal site as Drupal left it (tests/golden), on SQLite: a document for the
// broker and the session id of somebody who is signed in.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const GOLDEN = resolve('tests/golden/drupal10-sqlite');
const LOAD = `
  $site = new SQLite3($argv[1]);
  // Drupal's own, in whose terms its tables are made.
  $site->createCollation('NOCASE_UTF8', 'strcasecmp');
  $site->exec(file_get_contents($argv[2])) || exit(1);
`;

export class GoldenSite {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'rt-golden-'));
    const path = join(this.folder, 'site.sqlite');
    execFileSync('php', ['-r', LOAD, path, `${GOLDEN}.sql`]);
    const { cookies } = JSON.parse(readFileSync(`${GOLDEN}.json`, 'utf8'));
    const known = cookies.find(({ drupal_says: says }) => says.name === 'root');
    this.id = known.cookie.split('=')[1];
    this.uid = String(known.drupal_says.uid);
    this.document = {
      version: 1,
      key: 'golden',
      hosts: ['golden.test'],
      cookies: { http: ['SESSgolden'], https: ['SSESSgolden'] },
      schema: 10,
      database: { driver: 'sqlite', path },
      namespaces: [
        { name: 'news', subscribe: 'everyone', publish: 'everyone' },
        { name: 'members', subscribe: 'logged-in' },
      ],
      // Who is signed in is seen by what the connection brings.
      subscriptions: [{ channel: 'members:in', for: 'logged-in' }],
    };
  }

  // The cookie that the browser of somebody signed in sends.
  get cookie() {
    return `SESSgolden=${this.id}`;
  }

  // And on https.
  get secureCookie() {
    return `SSESSgolden=${this.id}`;
  }

  // Does the broker's answer to connect say that it knows the user?
  static knows({ subs = {} }) {
    return 'members:in' in subs;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
