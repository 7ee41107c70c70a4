/**
 * Where the distribution keeps the programs of its servers, some of them in
 * folders that only root has in its PATH.
 */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POSTGRESQL = '/usr/lib/postgresql';

/** PostgreSQL's own folders, the newest version first. */
function postgresqlFolders() {
  try {
    return readdirSync(POSTGRESQL)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(POSTGRESQL, version, 'bin'));
  } catch {
    return [];
  }
}

/** The path of a program; throws where it is not installed. */
export function program(name, from) {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    ...postgresqlFolders(),
  ];
  for (const folder of folders.filter(Boolean)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this one.
    }
  }
  throw new Error(`${name} is not installed (the package ${from}).`);
}
