// A Drupal site as Drupal left it (tests/golden), on SQLite: its accounts'
// cookies, a document for the broker, and SQL behind Drupal's back.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The collation is Drupal's own, in whose terms its tables are made.
const RUN = `
  $site = new SQLite3($argv[1]);
  $site->busyTimeout(5000);
  $site->createCollation('NOCASE_UTF8', 'strcasecmp');
  $site->exec('PRAGMA synchronous = OFF');
  $site->exec('BEGIN;' . stream_get_contents(STDIN) . ';COMMIT') || exit(1);
`;

export class RecordedSite {
  constructor(name, more = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'rt-site-'));
    this.path = join(this.folder, 'site.sqlite');
    const golden = (ending) =>
      readFileSync(`tests/golden/${name}.${ending}`, 'utf8');
    this.sql(golden('sql'));
    const { cookies, core } = JSON.parse(golden('json'));
    this.cookies = cookies;
    this.schema = core === 7 ? 7 : 10;
    const key = more.key ?? 'recorded';
    this.document = {
      version: 1,
      key,
      hosts: [`${key}.test`],
      cookies: { http: [cookies[0].cookie.split('=')[0]] },
      schema: this.schema,
      database: { driver: 'sqlite', path: this.path },
      ...more,
    };
    this.origin = `http://${key}.test`;
  }

  // The cookie of the n-th browser of a user, and the key of its session.
  cookie(uid, n = 0) {
    const all = this.cookies.filter(
      ({ drupal_says: says }) => says.uid === uid,
    );
    return all[n].cookie;
  }
  sessionKey(uid, n = 0) {
    const id = decodeURIComponent(this.cookie(uid, n).split('=')[1]);
    return createHash('sha256').update(id).digest('base64url');
  }

  sql(text) {
    execFileSync('php', ['-r', RUN, this.path], { input: text });
  }

  // The same in the words of Drupal 7 or of a later one.
  change(ten, seven) {
    this.sql(this.schema === 7 ? seven : ten);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
