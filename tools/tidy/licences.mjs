import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that ask for no more than their notice. */
const permissive = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'PostgreSQL'],
  ...['CC0-1.0', 'CC-BY-4.0', 'Unlicense', 'Python-2.0', 'Zlib', 'WTFPL'],
]);

/** Packages whose licence is not stated in a way a program reads, looked at by a person. @type {Record<string, string>} */
const read = {};

/** @typedef {{ version?: string, license?: string, dev?: boolean, link?: boolean }} Locked */

/** Every package that is installed in production, for any machine. @param {string} root @returns {string[]} */
export function licenceProblems(root) {
  /** @type {Record<string, Locked>} */
  const packages = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(packages).flatMap(([path, locked]) => {
    if (!path.includes('node_modules/') || locked.dev === true || locked.link === true) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = read[name] ?? locked.license ?? stated(join(root, path, 'package.json'));
    if (licence === undefined) return [`${name}: states no licence`];
    return isPermissive(licence) ? [] : [`${name}: its licence is ${licence}`];
  });
}

/** The older ways of stating it. @param {string} manifest @returns {string | undefined} */
function stated(manifest) {
  if (!existsSync(manifest)) return undefined;
  const { license, licenses } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (typeof license === 'string') return license;
  return license?.type ?? licenses?.map((/** @type {{ type: string }} */ { type }) => type).join(' OR ');
}

/** @param {string} expression  SPDX: `(MIT OR GPL-3.0)`, `MIT AND ISC` @returns {boolean} */
export function isPermissive(expression) {
  const bare = expression.trim().replace(/^\((.*)\)$/, '$1');
  if (/ OR /i.test(bare)) return bare.split(/ OR /i).some(isPermissive);
  if (/ AND /i.test(bare)) return bare.split(/ AND /i).every(isPermissive);
  return permissive.has(bare);
}
