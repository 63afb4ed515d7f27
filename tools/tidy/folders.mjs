// How modules and files are laid out (ARCHITECTURE.md, "A module").
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, textOf } from '../files.mjs';
import { modules } from '../modules.mjs';
import { onlyReexports } from './source.mjs';

/** One screen of a large terminal. */
const readmeLinesMax = 60;
const vague = /(?:^|\/)(?:utils?|helpers?|common|types|misc)(?:\/|\.tsx?$)/;
const moduleFolder = 'packages/server/src/modules';

/** @param {string} root @returns {string[]} */
export function folderProblems(root) {
  return [
    ...vagueNames(root),
    ...moduleNames(root).flatMap((name) => moduleProblems(root, name)),
    ...migrationProblems(root),
    ...leftovers(root),
  ];
}

/** @param {string} root */
function moduleNames(root) {
  const folder = join(root, moduleFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => (item.isDirectory() ? [item.name] : []));
}

/** @param {string} root @param {string} name @returns {string[]} */
function moduleProblems(root, name) {
  const problems = [];
  const folder = `${moduleFolder}/${name}`;
  if (!Object.hasOwn(modules, name)) problems.push(`${folder}: is not in the table of modules (tools/modules.mjs)`);
  if (!existsSync(join(root, folder, 'README.md'))) problems.push(`${folder}: has no README.md`);
  else if (textOf(root, `${folder}/README.md`).split('\n').length > readmeLinesMax) {
    problems.push(`${folder}/README.md: is longer than a screen (${readmeLinesMax} lines)`);
  }
  const door = `${folder}/index.ts`;
  if (!existsSync(join(root, door))) problems.push(`${folder}: has no door (index.ts)`);
  else if (!onlyReexports(door, textOf(root, door))) problems.push(`${door}: a door only re-exports`);
  return problems;
}

/** @param {string} root */
function vagueNames(root) {
  const sources = filesOf(root, /^(?:packages\/[^/]+\/(?:src|test)|tools)\/.*\.(?:tsx?|mjs)$/);
  return sources.flatMap((path) => (vague.test(path) ? [`${path}: a file is named after what it holds`] : []));
}

/** @param {string} root */
function migrationProblems(root) {
  const names = filesOf(root, /^packages\/server\/migrations\/[^/]*$/).map((path) => path.split('/').at(-1) ?? '');
  const numbers = names.map((name) => name.slice(0, 4));
  return names.flatMap((name, index) => {
    if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(name)) return [`migrations/${name}: is not called NNNN_name.sql`];
    return numbers.indexOf(name.slice(0, 4)) < index ? [`migrations/${name}: its number is taken`] : [];
  });
}

/** Unfinished work is an issue, not a comment. @param {string} root */
function leftovers(root) {
  const mark = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X'.repeat(3)].join('|')})\\b`);
  const sources = filesOf(root, /^(?:packages|tools|bin|bench)\/.*\.(?:tsx?|mjs|sql|css)$/);
  return sources.flatMap((path) =>
    textOf(root, path)
      .split('\n')
      .flatMap((line, index) => (mark.test(line) ? [`${path}:${index + 1}: leaves work behind: ${line.trim()}`] : [])),
  );
}
