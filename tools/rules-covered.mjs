// Every rule of the product has a test whose title names its number.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, report, repository, textOf } from './files.mjs';
import { testTitles } from './tidy/source.mjs';

/** Rules that a later part of the product implements: R28 gift cards, R36 and on messages. */
const ruleNumbers = Array.from({ length: 35 }, (_, index) => index + 1).filter((number) => number !== 28);

/** @param {string} root @param {number[]} [numbers] @returns {string[]} */
export function uncoveredRules(root, numbers = ruleNumbers) {
  const titles = filesOf(root, /^packages\/.*\.test\.tsx?$/).flatMap((path) => testTitles(path, textOf(root, path)));
  const named = new Set(titles.flatMap((title) => title.match(/\bR\d+\b/g) ?? []));
  return numbers
    .filter((number) => !named.has(`R${number}`))
    .map((number) => `R${number}: no test names it in its title`);
}

/**
 * docs/reliability.md lists what went wrong for others; each item names the test that keeps it from going wrong here.
 * @param {string} root
 * @returns {string[]}
 */
export function unprovenPromises(root) {
  const document = 'docs/reliability.md';
  if (!existsSync(join(root, document))) return [`${document}: is not there`];
  const lines = textOf(root, document).split('\n');
  const items = lines.flatMap((line, index) => (isItem(lines, index) ? [{ line, number: index + 1 }] : []));
  if (items.length === 0) return [`${document}: lists nothing (table rows or list items)`];
  return items.flatMap(({ line, number }) => {
    const tests = line.match(/[\w./-]+\.test\.tsx?/g) ?? [];
    if (tests.length === 0) return [`${document}:${number}: names no test`];
    const missing = tests.filter((test) => !existsSync(join(root, test.replace(/^(?:\.\.\/)+/, ''))));
    return missing.map((test) => `${document}:${number}: ${test} is not there`);
  });
}

/** A list item or a row of a table, but not its head. @param {string[]} lines @param {number} index */
function isItem(lines, index) {
  const line = lines[index] ?? '';
  if (/^\s*(?:[-*]|\d+\.)\s/.test(line)) return true;
  const ruler = /^\s*\|?[\s:|-]*---[\s:|-]*$/;
  return line.trimStart().startsWith('|') && !ruler.test(line) && !ruler.test(lines[index + 1] ?? '');
}

if (import.meta.main) report('rules', [...uncoveredRules(repository), ...unprovenPromises(repository)]);
