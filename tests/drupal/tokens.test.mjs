/**
 * A site whose sessions only PHP can read: tokens take their place, and nobody
 * has to do anything for it.
 */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  closeBrowser,
  hears,
  listen,
  openContent,
  person,
} from './support/people.mjs';
import { php, site } from './support/site.mjs';

after(closeBrowser);

/** Keeps sessions in files for as long as something is done. */
async function withSessionsInFiles(act) {
  const folder = join(site.root, 'sites/default');
  const settings = join(folder, 'settings.php');
  const before = readFileSync(settings);
  writeFileSync(
    join(folder, 'files.services.yml'),
    `services:
  session_handler.storage:
    class: Drupal\\drupalrt_test\\FileSessions
    arguments: ['%app.root%']
`,
  );
  appendFileSync(
    settings,
    "\n$settings['container_yamls'][] = __DIR__ . '/files.services.yml';\n",
  );
  try {
    await php('drupal_flush_all_caches(); return 1;');
    await act();
  } finally {
    writeFileSync(settings, before);
    await php('drupal_flush_all_caches(); return 1;');
  }
}

const rows = () =>
  php(`
    $row = Drupal::service(Drupal\\drupalrt\\Status\\LoginReport::class)->rows()['drupalrt_login'];
    return [(string) $row['value'], implode(' | ', array_map('strval', $row['description']['#items']))];
  `);

test('where only PHP knows the sessions, tokens say who somebody is', async () => {
  await withSessionsInFiles(async () => {
    const [value, lines] = await rows();
    assert.equal(value, 'By tokens that PHP signs');
    assert.match(lines, /Sessions: Drupal\\drupalrt_test\\FileSessions/);
    assert.match(lines, /because the class .*FileSessions stores sessions/);

    const [editor, visitor] = [await person('editor'), await person('')];
    for (const page of [editor, visitor]) {
      await openContent(page);
      await listen(page, 'staff:room');
    }
    await hears(editor, 'subscribed');
    await hears(visitor, 'unsubscribed 103');
    await php(
      "Drupal::service('drupalrt.publisher')->publish('staff:room', 'psst'); return 1;",
    );
    await hears(editor, 'psst');

    // Accounts and roles are read natively all the same.
    await php(
      "user_load_by_name('editor')->removeRole('editor')->save(); return 1;",
    );
    await hears(editor, 'unsubscribed 2100');
    await php(
      "user_load_by_name('editor')->addRole('editor')->save(); return 1;",
    );
    await Promise.all([editor.leave(), visitor.leave()]);
  });
  assert.equal((await rows())[0], "The broker reads Drupal's login itself");
});
