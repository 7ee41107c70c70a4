/**
 * Who is on a recorded site: roles, people with names of all scripts, and what
 * is special about some of them. The same plan each time.
 */

const WORDS = [
  'Jürgen',
  'O\'Brien "q"',
  'Ελένη',
  'Борис',
  'Ծովինար',
  'თამარ',
  'דוד',
  'فاطمة',
  'नेहा',
  'தமிழ்',
  'สมชาย',
  '山田太郎',
  '김철수',
  'ኣበበ',
  'Nguyễn',
  'Ω🙂é',
  'e\u0301le\u0301ve',
  '👩‍👩‍👧',
  '\u202eabc',
  'a\\b%c_d',
  '<b>x</b>',
  'İstanbul',
  'ẞ',
  'A  B',
  '& &amp;',
  'x'.repeat(48),
  '\u200d\u200f',
  '{users}',
  'ﷺ',
  '1e3',
  '00',
  'NULL',
  "'; --",
  '`tick`',
  '日本語🇯🇵',
  'ѐ',
  'Å',
];
const MODULES = [
  'node',
  'comment',
  'contact',
  'taxonomy',
  'menu_ui',
  'menu',
  'filter',
  'golden_record',
];

/** A password for each, of characters that a form and a shell mind. */
const password = (number) => `p&${number}=ü "x"`;

export function makePlan(userCount, roleCount) {
  const roles = [];
  for (let i = 0; i < roleCount; i += 1) {
    roles.push({
      id: `r${i}`,
      label: `Role ${i} é "q"`,
      share: i % 5,
      status: i !== 4,
      admin: i === roleCount - 1,
    });
  }
  const users = [];
  for (let i = 2; i < userCount + 2; i += 1) {
    const held = [];
    for (let k = 0; k < i % 6; k += 1) {
      // Not the administrators'; of some only one.
      const role = roles[(i * 7 + k * 11) % (roleCount - 1)].id;
      if (!held.includes(role)) {
        held.push(role);
      }
    }
    const word = WORDS[i % WORDS.length];
    users.push({ name: `${word} ${i}`, pass: password(i), roles: held });
  }
  users[5].roles = [roles.at(-1).id];
  users[6].roles = ['r4'];
  users[7].roles = roles.slice(0, -1).map(({ id }) => id);
  return {
    modules: MODULES,
    root: { name: 'root', pass: password(1) },
    roles,
    users,
  };
}

/** What sessions of people hold, a kind each of the module's. */
export const ODD_SESSIONS = {
  8: [
    'bytes',
    'large',
    'objects',
    'references',
    'deep',
    'enum',
    'time',
    'number',
    'message',
    'variable',
  ],
  7: ['bytes', 'large', 'objects', 'message'],
};

/**
 * Changes that Drupal is not told of, to users 20 and following: a note, and
 * SQL of the uid. `t` gives a table its prefix.
 */
export function changesBehind(core, t) {
  const accounts = t(core === 7 ? 'users' : 'users_field_data');
  const changes = [
    [
      "blocked behind Drupal's back",
      (uid) => [`UPDATE ${accounts} SET status = 0 WHERE uid = ${uid}`],
    ],
    [
      "deleted behind Drupal's back",
      (uid) => [`DELETE FROM ${accounts} WHERE uid = ${uid}`],
    ],
    [
      'uid column changed to 1',
      (uid) => [`UPDATE ${t('sessions')} SET uid = 1 WHERE uid = ${uid}`],
    ],
    [
      'timestamp long ago',
      (uid) => [
        `UPDATE ${t('sessions')} SET timestamp = 1000000000 WHERE uid = ${uid}`,
      ],
    ],
    [
      "session deleted behind Drupal's back",
      (uid) => [`DELETE FROM ${t('sessions')} WHERE uid = ${uid}`],
    ],
    [
      "renamed behind Drupal's back",
      (uid) => [
        `UPDATE ${accounts} SET name = 'Somebody else 🙂' WHERE uid = ${uid}`,
      ],
    ],
  ];
  if (core === 7) {
    changes.push([
      'holds a role that does not exist',
      (uid) => [`INSERT INTO ${t('users_roles')} VALUES (${uid}, 9999)`],
    ]);
    return changes;
  }
  const roles = t('user__roles');
  const give = (uid, role) =>
    `INSERT INTO ${roles} (bundle, deleted, entity_id, revision_id, langcode, delta, roles_target_id) VALUES ('user', 0, ${uid}, ${uid}, 'en', 90, '${role}')`;
  changes.push(
    ['holds a role that does not exist', (uid) => [give(uid, 'gone')]],
    ["was given a role behind Drupal's back", (uid) => [give(uid, 'r3')]],
    [
      'has a translation that is blocked',
      (uid) => [
        `INSERT INTO ${accounts} (uid, langcode, preferred_langcode, name, status, created, changed, access, login, default_langcode) SELECT uid, 'de', 'de', 'another', 0, created, created, 0, 0, 0 FROM ${accounts} WHERE uid = ${uid}`,
      ],
    ],
  );
  return changes;
}
