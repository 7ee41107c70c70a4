/** The site on each database and session store that Drupal may have. */
import assert from 'node:assert/strict';
import { subscribe } from './support/page.mjs';
import { ownStack, test } from './support/test.mjs';

const STORES = [
  'mysql',
  'pgsql',
  'redis',
  'memcached',
  'mysql+memcached',
  'pgsql+redis',
];

/** The words of a line on a page, with its speaker's name before them. */
async function heard(person, words) {
  const line = person.page.locator(`.said:has-text("${words}") small`);
  return line.innerText();
}

/** Signs out on another page of the same browser. */
async function signOut(person) {
  const other = await person.page.context().newPage();
  await other.goto(`${person.url}/line`);
  await other.click('text=Sign out');
  await other.close();
}

async function becomesNobody(person) {
  await person.page.locator('#notice:has-text("signed out")').waitFor();
  await person.live();
  assert.equal(await subscribe(person, 'queue:desk'), 103);
}

/** Two people chat, and a visitor has no part in what is for members. */
async function chat({ visitor, editor, member }) {
  await Promise.all([editor, member].map((one) => one.openLive('/chat')));
  await editor.say('Who said that?');
  await member.say('And who answered?');

  assert.match(await heard(member, 'Who said that?'), /^editor /);
  assert.match(await heard(editor, 'And who answered?'), /^member /);
  await visitor.openLive('/');
  assert.equal(await subscribe(visitor, 'queue:desk'), 103);
}

/** One signs out alone; another is signed out everywhere by an administrator. */
async function leave({ admin, editor, member, phone }) {
  await Promise.all([member, phone].map((one) => one.openLive('/notes')));
  await signOut(editor);
  await becomesNobody(editor);
  assert.equal(await subscribe(member, 'members:news'), 'subscribed');

  await admin.open('/people');
  await admin.page
    .getByRole('button', { name: 'Sign member out everywhere' })
    .click();
  await Promise.all([member, phone].map(becomesNobody));
  await admin.openLive('/');
  assert.equal(await subscribe(admin, 'queue:desk'), 'subscribed');
}

for (const store of STORES) {
  const name = `On ${store} all are known by name, and nobody once signed out`;
  const act = async ({ arrive }) => {
    const own = ownStack(store, { store, say: (line) => assert.fail(line) });
    try {
      const { site } = await own.start();
      const as = (who) => arrive(who, { site });
      const people = {
        visitor: await as(''),
        admin: await as('admin'),
        editor: await as('editor'),
        member: await as('member'),
        phone: await as('member'),
      };
      await chat(people);
      await leave(people);
      // Nobody is left to miss the broker.
      await Promise.all(Object.values(people).map((one) => one.leave()));
    } finally {
      await own.stop();
    }
  };
  test(name, act, { patienceMs: 180000 });
}
