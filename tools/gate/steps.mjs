// What `npm test` runs, in order, with the seconds each may take on two cores. Over its budget a step is warned about,
// over three times its budget it fails: a shared machine has bad minutes, a suite that trebled has a cause.
import { existsSync } from 'node:fs';

export const installBudgetSeconds = 90;

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command
 * @property {boolean} [countsTests]  its result is vitest's tests rather than one
 * @property {Record<string, string>} [env]
 */

/**
 * @typedef {object} Phase  steps that run side by side
 * @property {string} name
 * @property {number} budgetSeconds
 * @property {Step[]} steps
 */

/** @type {Step[]} */
const statics = [
  { name: 'types', command: ['node', 'tools/types.mjs'] },
  { name: 'lint', command: ['oxlint', 'packages', '--report-unused-disable-directives', '--deny-warnings'] },
  { name: 'tidy', command: ['node', 'tools/tidy.mjs'] },
  { name: 'unused code', command: ['knip', '--no-progress'] },
  { name: 'imports', command: ['node', 'tools/imports.mjs'] },
  { name: 'format', command: ['biome', 'ci', '--linter-enabled=false', '--colors=off', '.'] },
  { name: 'migrations', command: ['squawk', '--config', '.squawk.toml', 'packages/server/migrations/*.sql'] },
];

/** @type {Phase[]} */
export const phases = [
  { name: 'static', budgetSeconds: 30, steps: statics },
  tests('unit', 30),
  tests('db', 90),
  tests('stories', 60),
  ...(existsSync('/usr/lib/postgresql/15/bin/postgres')
    ? [tests('stories', 60, { name: 'stories on PostgreSQL 15', env: { KOPILKA_TEST_PG: '15' } })]
    : []),
  tests('simulation', 90),
  tests('cases', 90),
  tests('crash', 30),
];

/**
 * @param {string} project
 * @param {number} budgetSeconds
 * @param {{ name?: string, env?: Record<string, string> }} [other]
 * @returns {Phase}
 */
function tests(project, budgetSeconds, { name = project, env = {} } = {}) {
  const command = ['vitest', 'run', '--project', project];
  return { name, budgetSeconds, steps: [{ name, command, countsTests: true, env }] };
}
