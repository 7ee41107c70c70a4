/**
 * The browsers of a recorded site: who signed in, and what is special about
 * some of them. Each is {note, cookie, uid}.
 */
import { ODD_SESSIONS } from './plan.mjs';

/** Everybody's browsers: {note, cookie, uid}. */
export async function signIn(core, plan, uids, browser) {
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
export function oddHeaders(cookie) {
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
