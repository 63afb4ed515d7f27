import { filesOf, textOf } from '../files.mjs';
import { bannedEverywhere, bannedInDatabase, excusedInDatabase, excusedNames } from '../words.mjs';
import { exportedNames } from './source.mjs';

/** @param {string} root @returns {string[]} */
export function nameProblems(root) {
  return [...exportedNameProblems(root), ...databaseNameProblems(root)];
}

/** @param {string} root @returns {string[]} */
function exportedNameProblems(root) {
  const sources = filesOf(root, /^packages\/[^/]+\/src\/(?!.*\.gen\.ts$).*\.tsx?$/);
  return sources.flatMap((path) =>
    exportedNames(path, textOf(root, path)).flatMap((name) =>
      excusedNames.has(name)
        ? []
        : wrongWords(name, bannedEverywhere).map((sentence) => `${path}: exports ${name}; ${sentence}`),
    ),
  );
}

/** @param {string} root @returns {string[]} */
function databaseNameProblems(root) {
  return filesOf(root, /^packages\/server\/migrations\/.*\.sql$/).flatMap((path) => {
    const names = new Set(identifiers(textOf(root, path)).filter((name) => !excusedInDatabase.has(name)));
    return [...names].flatMap((name) =>
      wrongWords(name, bannedInDatabase).map((sentence) => `${path}: names ${name}; ${sentence}`),
    );
  });
}

/** @param {string} sql @returns {string[]} */
function identifiers(sql) {
  const bare = sql
    .replace(/--.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^']|'')*'/g, '');
  return bare.toLowerCase().match(/[a-z_][a-z0-9_]*/g) ?? [];
}

/** @param {string} name @param {Record<string, string>} banned @returns {string[]} */
function wrongWords(name, banned) {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.flatMap((word) =>
    Object.hasOwn(banned, word) ? [`the glossary says ${banned[word]}, not ${word}`] : [],
  );
}
