/**
 * A copy of somebody's Drupal: its code, without its site. The tree that was
 * given is only read.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULE = fileURLToPath(
  new URL('../../drupal_module/drupalrt', import.meta.url),
);

/** Whatever is in the way of being copied, and of no use to the copy. */
const LEFT_OUT = ['*/tests', '*/node_modules', '*/.git'];

/** The web root of a tree, which is its project folder or the root itself. */
export function webRoot(given) {
  const root = [given, join(given, 'web'), join(given, 'docroot')].find(
    (folder) => existsSync(join(folder, 'core/lib/Drupal.php')),
  );
  if (!root) {
    throw new Error(`${given}: no Drupal there (core/lib/Drupal.php)`);
  }
  return realpathSync(root);
}

/**
 * Copies a tree to a folder that is not there yet and gives it the module.
 *
 * Its sites, with their settings, databases and files, stay where they are, and
 * so do its own modules: one may be ours in another state. Returns the copy's
 * web root.
 */
export function copyDrupal(given, target) {
  const web = webRoot(given);
  // The usual project keeps its libraries beside the web root.
  const vendor = join(dirname(web), 'vendor');
  const beside = existsSync(join(vendor, 'autoload.php'));
  const root = beside ? join(target, 'web') : target;
  copyTree(web, root, ['./sites', './modules/custom']);
  if (beside) {
    copyTree(vendor, join(target, 'vendor'), []);
  }
  rmSync(join(root, 'modules/contrib/drupalrt'), {
    recursive: true,
    force: true,
  });
  addScaffold(root);
  copyModule(root);
  return root;
}

/** Has a copy take the module as it is now. */
export function copyModule(root) {
  const target = join(root, 'modules/custom/drupalrt');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  cpSync(MODULE, target, { recursive: true });
}

function copyTree(from, to, except) {
  mkdirSync(to, { recursive: true });
  const options = [
    '--anchored',
    ...except.map((path) => `--exclude=${path}`),
    '--no-anchored',
    ...LEFT_OUT.map((path) => `--exclude=${path}`),
  ];
  const pipe = 'from=$1 to=$2; shift 2; tar -C "$from" "$@" -cf - .';
  const copy = spawnSync(
    'sh',
    ['-c', `${pipe} | tar -C "$to" -xf -`, 'copy', from, to, ...options],
    { encoding: 'utf8' },
  );
  if (copy.status !== 0 || copy.stderr) {
    throw new Error(`${from} cannot be copied: ${copy.stderr}`);
  }
}

/** What Composer puts around core, which a tree may have left out. */
function addScaffold(root) {
  const files = join(root, 'core/assets/scaffold/files');
  const site = join(root, 'sites/default');
  mkdirSync(site, { recursive: true });
  for (const file of readdirSync(files)) {
    if (file.startsWith('default.')) {
      cpSync(join(files, file), join(site, file));
    }
  }
  const scaffold = {
    '.ht.router.php': 'ht.router.php',
    'index.php': 'index.php',
  };
  for (const [file, source] of Object.entries(scaffold)) {
    if (!existsSync(join(root, file))) {
      cpSync(join(files, source), join(root, file));
    }
  }
}
