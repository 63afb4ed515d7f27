// Files that a command prints: the gate runs the command and compares. Add an entry in the commit that adds the file.

/** @typedef {{ file: string, command: string[] }} Generated  the command prints the file's whole text; `node` is this Node */

/** @type {Generated[]} */
export const generated = [
  { file: 'packages/contract/openapi.json', command: ['node', 'bin/kopilka.mjs', 'openapi'] },
  { file: 'docs/manual/integrator/errors-by-route.md', command: ['node', 'tools/error-codes.mjs'] },
  { file: 'docs/manual/operator/configuration.md', command: ['node', 'tools/configuration-page.mjs', 'en'] },
  { file: 'docs/manual/operator/configuration.ru.md', command: ['node', 'tools/configuration-page.mjs', 'ru'] },
];

/** Files that may not be in the repository without an entry above. */
export const mustBeGenerated = ['packages/contract/openapi.json', 'docs/manual/operator/configuration.md'];
