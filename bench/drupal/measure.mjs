// One way of chatting, measured: everybody signs in, comes into the room, talks
// for a while that does not count, then for one that does.
import { setTimeout as pause } from 'node:timers/promises';
import { Journal } from './journal.mjs';
import { between, Meters } from './meters.mjs';
import { Browser, Listener, Poller } from './people.mjs';

const WARM_UP_S = 3;
const LAST_READINGS_S = 10;

/** Numbers from 0 to 1, the same for every way. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Who speaks when: [{ms, who}], each person about every so many seconds. */
function schedule({ people, seconds, every }) {
  const random = numbers(1);
  const lines = [];
  for (let who = 0; who < people; who += 1) {
    let at = random() * every;
    while (at < WARM_UP_S + seconds) {
      lines.push({ ms: at * 1000, who });
      at += every * (0.75 + random() / 2);
    }
  }
  return lines.sort((a, b) => a.ms - b.ms);
}

async function signIn({ site, web, people }) {
  const browsers = [];
  for (let i = 1; i <= people; i += 1) {
    const browser = new Browser(web.url);
    await site.signIn(browser, `person${i}`);
    browsers.push(browser);
  }
  return browsers;
}

/** Has them speak as planned; a line that is refused ends it all. */
async function talk(crowd, journal, plan, until) {
  const from = performance.now();
  const sent = [];
  for (const { ms, who } of plan) {
    if (ms >= until) break;
    await pause(Math.max(0, from + ms - performance.now()));
    const said = crowd[who].say(journal.say(crowd[who]));
    // Heard of when all is said.
    said.catch(() => {});
    sent.push(said);
  }
  await pause(Math.max(0, from + until - performance.now()));
  return sent;
}

export async function measure(room, way) {
  const { people, seconds, pids, say } = room;
  const journal = new Journal(
    `${way.replaceAll(/\W/g, '')}${Date.now()}`,
    people,
  );
  const meters = new Meters(room);
  say(`${way}: ${people} people sign in`);
  const browsers = await signIn(room);
  const crowd = browsers.map((browser) =>
    way === 'polling'
      ? new Poller({ browser, journal })
      : new Listener({
          ...{ browser, journal, brokerUrl: room.brokerUrl },
          channel: room.site.channel,
          byPhp: way.endsWith('PHP'),
        }),
  );
  const outside = await meters.read();
  await Promise.all(
    crowd.map((one, i) => one.arrive({ phase: i / crowd.length })),
  );
  const inside = await meters.read();
  say(`${way}: they talk, ${seconds} s are measured`);
  const plan = schedule(room);
  const warm = plan.filter(({ ms }) => ms < WARM_UP_S * 1000);
  const rest = plan
    .slice(warm.length)
    .map(({ ms, who }) => ({ ms: ms - WARM_UP_S * 1000, who }));
  const sent = await talk(crowd, journal, warm, WARM_UP_S * 1000);
  const from = await meters.read();
  journal.measure(true);
  sent.push(...(await talk(crowd, journal, rest, seconds * 1000)));
  journal.measure(false);
  const to = await meters.read();
  await Promise.all(sent);
  for (let s = 0; s < LAST_READINGS_S && journal.missing > 0; s += 0.1) {
    await pause(100);
  }
  await Promise.all(crowd.map((one) => one.leave()));
  for (const browser of browsers) browser.close();
  const summary = journal.summary();
  return {
    way,
    ...between(from, to),
    ...summary,
    arrival: (inside.statements - outside.statements - 1) / people,
    good: summary.missing === 0 && summary.twice === 0 && summary.lines > 0,
    pids,
  };
}
