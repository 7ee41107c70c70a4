/**
 * Records a Drupal: its tables, and what it says of every cookie. See
 * ../README.md; called by `./dev golden`.
 *
 * usage: main.mjs --drupal=PATH --database=DRIVER --name=NAME
 *          [--users=N] [--roles=N] [--overrides] [--php=COMMAND] [--out=FOLDER]
 */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { oddHeaders, signIn } from './browsers.mjs';
import { SiteDatabase, SUFFIXES } from './database.mjs';
import { changesBehind, makePlan } from './plan.mjs';
import { HOST, Site } from './site.mjs';
import { copyTree } from './tree.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ASKED_AT_A_TIME = 3;

const TABLES = {
  8: {
    sessions: '1=1',
    users: '1=1',
    users_field_data: '1=1',
    user__roles: '1=1',
    config: "name LIKE 'user.role.%'",
    node_access: '1=1',
  },
  7: {
    sessions: '1=1',
    users: '1=1',
    users_roles: '1=1',
    role: '1=1',
    role_permission: '1=1',
    variable: "name LIKE '%session%' OR name = 'site_name'",
    node_access: '1=1',
  },
};

const { values: options } = parseArgs({
  options: {
    drupal: { type: 'string' },
    database: { type: 'string', default: 'sqlite' },
    name: { type: 'string' },
    users: { type: 'string', default: '200' },
    roles: { type: 'string', default: '30' },
    overrides: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    php: { type: 'string', default: 'php' },
    out: { type: 'string', default: join(HERE, '..') },
  },
});

const say = (text) => console.log(`  ${text}`);
const folder = mkdtempSync(join(tmpdir(), 'golden-'));
let database = null;
let site = null;

async function record() {
  const { core, root } = copyTree(options.drupal, join(folder, 'site'));
  database = new SiteDatabase(options.database, folder, root);
  await database.start();
  const plan = makePlan(Number(options.users), Number(options.roles));
  say(`Installing and filling ${root}`);
  const log = join(folder, 'php.log');
  site = new Site({ core, root, php: options.php, log });
  const { version, uids } = site.make(
    plan,
    database.connection,
    options.overrides && core !== 7,
  );
  const browser = await site.serve();
  say(`Drupal ${version}: ${plan.users.length} people sign in`);
  const browsers = await signIn(core, plan, uids, browser);

  const changes = changesBehind(core, (table) => database.table(table));
  for (const [number, [note, sql]] of changes.entries()) {
    const uid = 20 + number;
    browsers.find((one) => one.uid === uid).note = note;
    database.execute(sql(uid));
  }
  browsers.push(...oddHeaders(browsers[3].cookie));

  say(`Asking for ${browsers.length} cookies`);
  const tables = TABLES[core];
  const sql = database.dump(tables);
  const cookies = [];
  let asked = [];
  for (let i = 0; i < browsers.length; i += ASKED_AT_A_TIME) {
    const some = browsers.slice(i, i + ASKED_AT_A_TIME);
    const answers = await Promise.all(
      some.map(({ cookie }) => browser.ask('/golden/ask', cookie)),
    );
    for (const [k, answer] of answers.entries()) {
      asked = answer.asked;
      const { note, cookie } = some[k];
      cookies.push({ note, cookie, drupal_says: answer.says });
    }
  }
  // 7 throws the session of somebody blocked away when it is asked about it; a
  // row that is new or another would mean that the answers are of other data.
  const known = new Set(sql.split('\n'));
  const changed = database
    .dump(tables)
    .split('\n')
    .find((line) => !known.has(line));
  if (changed !== undefined) {
    const shown = changed.slice(0, 500);
    throw new Error(`Drupal changed the tables while it was asked:\n${shown}`);
  }
  const roles = core === 7 ? null : await browser.ask('/golden/roles');
  write(sql, { core, version, asked, cookies, roles });
}

function write(sql, { core, version, asked, cookies, roles }) {
  const head = {
    core: core === 7 ? 7 : Number(version.split('.')[0]),
    version,
    driver: options.database,
    prefix: database.prefix,
    host: HOST,
    permissions: asked,
    ...(roles && { stored_roles: roles.stored }),
    ...(options.overrides && roles && { roles: roles.effective }),
  };
  // A line for each thing: a changed answer shows as one changed line.
  const lines = Object.entries(head).map(
    ([key, value]) => `"${key}": ${JSON.stringify(value)},\n`,
  );
  const list = cookies.map((one) => JSON.stringify(one)).join(',\n');
  const suffix = SUFFIXES[options.database];
  const major = head.core;
  const name = options.name ?? `drupal${major}-large-${suffix}`;
  const base = join(options.out, name);
  writeFileSync(
    `${base}.json`,
    `{\n${lines.join('')}"cookies": [\n${list}\n]\n}\n`,
  );
  writeFileSync(`${base}.sql`, sql);
  say(`${base}.sql: ${sql.length} bytes`);
  say(`${base}.json: ${cookies.length} cookies, ${asked.length} permissions`);
}

if (
  !options.drupal ||
  !SUFFIXES[options.database] ||
  !(options.users >= 32 && options.roles >= 7)
) {
  console.error(
    'golden: --drupal=PATH; --database=sqlite, mysql or pgsql; ' +
      '--users from 32, --roles from 7',
  );
  process.exit(2);
}
try {
  await record();
} catch (error) {
  console.error(error.message ?? error);
  for (const name of ['php.log', 'database.log']) {
    const log = join(folder, name);
    if (existsSync(log)) {
      console.error(
        readFileSync(log, 'utf8').split('\n').slice(-20).join('\n'),
      );
    }
  }
  process.exitCode = 1;
} finally {
  await site?.stop();
  await database?.stop();
  if (options.keep) {
    say(`Kept: ${folder}`);
  } else {
    rmSync(folder, { recursive: true, force: true });
  }
}
