// What a chat costs a site with polling, and with drupalrt: the same people say
// the same lines on the same site, one way after the other.
//
// usage: node bench/drupal.mjs [--people N] [--seconds S] [--every S]
//          [--workers N] [--drupal PATH] [--markdown]
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Broker } from '../demo/runner/broker.mjs';
import { freePorts } from '../demo/runner/ports.mjs';
import { Mariadb } from '../demo/runner/servers/mariadb.mjs';
import { artefacts } from '../demo/runner/stack.mjs';
import { RealDrupal } from './drupal/drupal_site.mjs';
import { measure } from './drupal/measure.mjs';
import { StatementCounter } from './drupal/meters.mjs';
import { report } from './drupal/report.mjs';
import { SampleSite } from './drupal/sample_site.mjs';

const USAGE = `usage: ./dev bench drupal [OPTION…]

People chat on the same site in three ways, one after the other: each browser
asks PHP for news every second; drupalrt, from browser to browser by a rule; and
drupalrt, with each line handed to PHP, which stores and publishes it. On MariaDB
with php-fpm and nginx, all started for it and gone with it.

  --people N     in the room (40)
  --seconds S    that are measured, for each way (30)
  --every S      how long a person is silent between two lines (4)
  --workers N    processes of PHP (16)
  --drupal PATH  a Drupal to copy; else DRUPAL_ROOT, else the sample site
  --sample       the sample site in any case
  --markdown     the table for a document
`;

const count = (fallback) => ({ type: 'string', default: String(fallback) });
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    people: count(40),
    seconds: count(30),
    every: count(4),
    workers: count(16),
    drupal: { type: 'string', default: process.env.DRUPAL_ROOT ?? '' },
    sample: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const [people, seconds, every, workers] = [
  'people',
  'seconds',
  'every',
  'workers',
].map((name) => {
  const value = Number(values[name]);
  if (!(value > 0)) throw new Error(`--${name}: a number above 0`);
  return value;
});
const { binary, extension, missing } = artefacts();
if (missing.length > 0) {
  throw new Error(`Not built yet: ${missing.join(', ')}`);
}

const say = (line) => process.stderr.write(`  ${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'rtb-'));
chmodSync(folder, 0o711);
const started = [];

async function start(thing) {
  started.unshift(thing);
  await thing.start();
  return thing;
}

/** The last words of every log, which go with the folder. */
function tellLogs() {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (/^[^/]+\.log$|^site\/(web\/)?[^/]+\.log$/.test(file)) {
      const lines = readFileSync(join(folder, file), 'utf8').trimEnd();
      process.stderr.write(
        `${file}:\n${lines.split('\n').slice(-5).join('\n')}\n`,
      );
    }
  }
}

async function stop() {
  for (const thing of started.splice(0)) await thing.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => stop().finally(() => process.exit(130)));
}

async function main() {
  const [port, brokerPort, internalPort] = await freePorts([0, 0, 0]);
  const brokerUrl = `http://127.0.0.1:${brokerPort}`;
  const socket = join(folder, 's');
  const database = await start(
    new Mariadb({
      data: join(folder, 'mariadb'),
      run: folder,
      log: join(folder, 'mariadb.log'),
    }),
  );
  const broker = await start(
    new Broker({
      ...{ binary, port: brokerPort, internalPort, socket, say },
      state: join(folder, 'state'),
      log: join(folder, 'broker.log'),
      started: () => {},
    }),
  );
  const options = {
    ...{ port, brokerUrl, extension, socket, people, workers, run: folder },
    folder: join(folder, 'site'),
    database: database.connection,
    ini: {
      ...{ extension, 'drupalrt.socket': socket, 'drupalrt.autostart': 0 },
    },
  };
  const site =
    values.drupal && !values.sample
      ? new RealDrupal({ ...options, tree: values.drupal })
      : new SampleSite(options);
  say('Installing the site on MariaDB');
  await site.install();
  const web = await start(site.web());
  const counter = new StatementCounter(database.connection);
  started.unshift(counter);
  const room = {
    ...{ site, web, counter, brokerUrl, people, seconds, every, say },
    pids: { mariadb: database.pid, ...web.pids, broker: broker.pid },
  };
  const before = loadavg()[0];
  const ways = [await measure(room, 'polling')];
  say('Installing drupalrt');
  await site.enable();
  ways.push(await measure(room, 'drupalrt'));
  ways.push(await measure(room, 'drupalrt, lines by PHP'));
  const machine = `${cpus()[0].model}, ${cpus().length} cores, load before ${before.toFixed(1)}`;
  process.stdout.write(
    report({
      about: site.about,
      machine,
      people,
      seconds,
      every,
      workers,
      ways,
      markdown: values.markdown,
    }),
  );
  return ways.every(({ good }) => good);
}

let good = false;
try {
  good = await main();
} catch (error) {
  tellLogs();
  throw error;
} finally {
  await stop();
}
process.exit(good ? 0 : 1);
