/**
 * A copy of a Drupal tree without its sites. The tree is only read.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { join } from 'node:path';
import { copyDrupal } from '../../../demo/drupal/copy.mjs';

const candidates = (given) =>
  ['', 'web', 'docroot'].map((folder) => join(given, folder));

/** The web root of a Drupal 7 at a path, or nothing. */
function webRootOf7(given) {
  const root = candidates(given).find((folder) => {
    const file = join(folder, 'includes/bootstrap.inc');
    return existsSync(file) && /'VERSION', '7\./.test(readFileSync(file));
  });
  return root && realpathSync(root);
}

/** {core, root}: 7 or 8 for later ones, and the copy's web root. */
export function copyTree(given, target) {
  const web = webRootOf7(given);
  if (!web) {
    return { core: 8, root: copyDrupal(given, target) };
  }
  mkdirSync(target, { recursive: true });
  const copy = spawnSync(
    'sh',
    [
      '-c',
      'tar -C "$1" --anchored --exclude=./sites --exclude=./.git -cf - . | tar -C "$2" -xf -',
      'copy',
      web,
      target,
    ],
    { encoding: 'utf8' },
  );
  if (copy.status !== 0) {
    throw new Error(`${web} cannot be copied: ${copy.stderr}`);
  }
  const site = join(target, 'sites/default');
  mkdirSync(site, { recursive: true });
  const settings = 'sites/default/default.settings.php';
  cpSync(join(web, settings), join(target, settings));
  return { core: 7, root: target };
}

/** Where a site's own modules are. */
export const modules = (core, root) =>
  join(root, core === 7 ? 'sites/all/modules' : 'modules/custom');
