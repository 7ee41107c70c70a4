/**
 * Records a Drupal: its tables, and what it says of every cookie. See
 * ../README.md; called by `./dev golden`.
 *
 * usage: main.mjs --drupal=PATH --database=DRIVER --name=NAME
 *          [--users=N] [--roles=N] [--overrides] [--php=COMMAND] [--out=FOLDER]
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Child } from '../../../demo/runner/child.mjs';
import { freePorts } from '../../../demo/runner/ports.mjs';
import { listens } from '../../../demo/runner/wait.mjs';
import { SiteDatabase, SUFFIXES } from './database.mjs';
import { Browser } from './http.mjs';
import { changesBehind, makePlan, ODD_SESSIONS } from './plan.mjs';
import { copyTree, modules } from './tree.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const INSTALL = fileURLToPath(
  new URL('../../../demo/drupal/install.php', import.meta.url),
);
const HOST = 'golden.test';
const START_MS = 30000;
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
let server = null;

/** Runs a script of the site's; returns what it printed. */
function php(root, script, args, input) {
  const [command, ...words] = options.php.split(' ');
  return execFileSync(command, [...words, ...ini(), script, ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function ini() {
  const settings = {
    memory_limit: '512M',
    'opcache.enable_cli': 0,
    display_errors: 'stderr',
    error_reporting: 22527, // all but deprecations
  };
  return Object.entries(settings).flatMap(([key, value]) => [
    '-d',
    `${key}=${value}`,
  ]);
}

/** An installed site with everybody; returns its version and their uids. */
function makeSite(core, root, plan) {
  const name = core === 7 ? 'module7' : 'module';
  cpSync(join(HERE, name), modules(core, root), { recursive: true });
  const site = join(root, 'sites/default');
  // The installer takes a site for configured where this is.
  mkdirSync(join(site, 'files/config'), { recursive: true });
  const { connection } = database;
  const script = (file) => join(HERE, 'php', file);
  if (core === 7) {
    cpSync(join(site, 'default.settings.php'), join(site, 'settings.php'));
    // By itself 7 has no room for characters like 🙂 in MySQL.
    const wide = options.database === 'mysql' && {
      charset: 'utf8mb4',
      collation: 'utf8mb4_general_ci',
    };
    const install = JSON.stringify({
      ...plan,
      connection: { ...connection, ...wide },
    });
    php(root, script('populate7.php'), [root, HOST], install);
    appendFileSync(
      join(site, 'settings.php'),
      "\nini_set('session.gc_probability', 0);\n$conf['session_write_interval'] = 2000000000;\n",
    );
    const people = JSON.stringify({ ...plan, connection: null });
    return JSON.parse(php(root, script('populate7.php'), [root, HOST], people));
  }
  const url = `http://${HOST}`;
  php(root, INSTALL, [root, url, 'Golden'], JSON.stringify(connection));
  // No session ends, and none is written, but by what we do to it.
  const services = readFileSync(join(site, 'default.services.yml'), 'utf8');
  writeFileSync(
    join(site, 'services.yml'),
    services.replace(/gc_probability: \d+/, 'gc_probability: 0'),
  );
  appendFileSync(
    join(site, 'settings.php'),
    "\n$settings['session_write_interval'] = 2000000000;\n$settings['container_yamls'][] = __DIR__ . '/services.yml';\n",
  );
  const made = JSON.parse(
    php(root, script('populate.php'), [root, url], JSON.stringify(plan)),
  );
  if (options.overrides) {
    appendFileSync(join(site, 'settings.php'), overrides());
  }
  return made;
}

/** What settings.php does to roles, of which the tables know nothing. */
function overrides() {
  return `
$config['user.role.r1']['permissions'][] = 'administer nodes';
$config['user.role.r2']['permissions'][500] = 'administer users';
$config['user.role.r3']['is_admin'] = TRUE;
$config['user.role.r5']['permissions'][0] = 'administer modules';
$config['user.role.authenticated']['permissions'][77] = 'access site reports';
`;
}

async function serve(core, root) {
  const [port] = await freePorts([0]);
  const [command, ...words] = options.php.split(' ');
  const router =
    core === 7 ? join(HERE, 'php/router7.php') : join(root, '.ht.router.php');
  server = new Child(
    'sh',
    [
      ...['-c', 'cd "$0" && exec "$@"', root, command, ...words, ...ini()],
      ...['-S', `127.0.0.1:${port}`, '-t', root, router],
    ],
    {
      env: { PHP_CLI_SERVER_WORKERS: '3' },
      log: join(folder, 'php.log'),
    },
  );
  await server.within('The start of the site', () => listens(port), START_MS);
  return new Browser(port, HOST);
}

/** Everybody's browsers: {note, cookie, uid}. */
async function signIn(core, plan, uids, browser) {
  const browsers = [];
  const enter = async (note, account) => {
    const cookie = await browser.signIn(core, account);
    browsers.push({ note, cookie, uid: uids[account.name] });
    return cookie;
  };
  await enter('signed in', plan.root);
  for (const [number, account] of plan.users.entries()) {
    await enter('signed in', account);
    if (number % 16 === 9) {
      await enter('second session of a user', account);
    }
  }
  for (const [number, kind] of ODD_SESSIONS[core].entries()) {
    const one = browsers.find(({ uid }) => uid === 4 + number);
    one.note = `session with something odd: ${kind}`;
    await browser.ask(`/golden/session/${kind}`, one.cookie);
  }
  for (const kind of ['plain', 'bytes', 'message']) {
    const { cookie } = await browser.fetch(`/golden/session/${kind}`);
    browsers.push({ note: `nobody's session with data: ${kind}`, cookie });
  }
  const gone = await enter('signed out', plan.users[1]);
  await browser.fetch(core === 7 ? '/user/logout' : '/golden/logout', {
    cookie: gone,
  });
  return browsers;
}

/** Headers around a good cookie: whom they name is Drupal's to say. */
function oddHeaders(cookie) {
  const [name, value] = cookie.split('=');
  const other = (text) => `${name}=${text}`;
  return [
    ['never existed', other('never-existed-0123456789')],
    ['empty value', other('')],
    ['cookie among others', `a=b; ${cookie}; c=d`],
    ['bogus one first', `${other('bogus')}; ${cookie}`],
    ['bogus one behind', `${cookie}; ${other('bogus')}`],
    ['an array first', `${name}[]=x; ${cookie}`],
    ['an array behind', `${cookie}; ${name}[a]=x`],
    ['name in small letters', `${name.toLowerCase()}=${value}`],
    ['space around the name', ` ${name}=${value}; ${name} =x`],
    ['cut short', other(value.slice(0, -1))],
    ['one more character', other(`${value}x`)],
    ['in quotes', other(`"${value}"`)],
    [
      'percent signs',
      other(
        value.replace(/[A-Za-z]/, (c) => `%${c.charCodeAt(0).toString(16)}`),
      ),
    ],
    ['name of https', `S${name}=${value}`],
  ].map(([note, header]) => ({ note, cookie: header }));
}

async function record() {
  const { core, root } = copyTree(options.drupal, join(folder, 'site'));
  database = new SiteDatabase(options.database, folder, root);
  await database.start();
  const plan = makePlan(Number(options.users), Number(options.roles));
  say(`Installing and filling ${root}`);
  const { version, uids } = makeSite(core, root, plan);
  const browser = await serve(core, root);
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
  await server?.stop();
  await database?.stop();
  if (options.keep) {
    say(`Kept: ${folder}`);
  } else {
    rmSync(folder, { recursive: true, force: true });
  }
}
