// What our checks look at: the repository's own files, as paths from its root, with `/` on every system.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

const notOurs = new Set(['node_modules', '.git', 'dist', 'coverage', '.cache', 'test-results']);

/**
 * @param {string} root
 * @param {RegExp} pattern  of the path from the root
 * @param {string} [folder]
 * @returns {string[]}
 */
export function filesOf(root, pattern, folder = root) {
  const found = [];
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name);
    // `data/` in the root is the embedded server's; a folder of that name deeper down is ours.
    if (notOurs.has(item.name) || path === join(root, 'data')) continue;
    if (item.isDirectory()) found.push(...filesOf(root, pattern, path));
    else if (item.isFile() && pattern.test(slashes(relative(root, path)))) found.push(slashes(relative(root, path)));
  }
  return found.sort();
}

/** @param {string} root @param {string} path */
export function textOf(root, path) {
  return readFileSync(join(root, path), 'utf8');
}

/** @param {string} path */
function slashes(path) {
  return path.split(sep).join('/');
}

/**
 * Prints what a check found and sets the exit code.
 * @param {string} name
 * @param {string[]} problems
 */
export function report(name, problems) {
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(problems.length === 0 ? `${name}: fine\n` : `${name}: ${problems.length} problems\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
