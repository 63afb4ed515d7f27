// The programs we did not write, under our settings: each is shown what it is there to find.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from './files.mjs';
import { type Fixture, fixture } from './fixture.ts';

const bin = (name: string) => join(repository, 'node_modules/.bin', name);
const source = 'packages/server/src';
const domain = `${source}/modules/ledger/domain`;
const options = JSON.parse(readFileSync(join(repository, 'tsconfig.base.json'), 'utf8')) as { compilerOptions: object };
const tsconfig = JSON.stringify({ compilerOptions: { ...options.compilerOptions, types: [] }, include: ['src'] });

let planted: Fixture;

function run(program: string, args: string[]): { code: number | null; output: string } {
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: bin('tsgolint'), NO_COLOR: '1' };
  const result = spawnSync(bin(program), args, { cwd: planted.root, env, encoding: 'utf8' });
  return { code: result.status, output: `${result.stdout}${result.stderr}` };
}

beforeAll(() => {
  planted = fixture({ 'packages/server/tsconfig.json': tsconfig, 'package.json': '{ "type": "module" }' });
});

afterAll(() => planted.remove());

const save = 'declare function save(): Promise<void>;\n';
const lint: [what: string, rule: string, path: string, text: string][] = [
  [
    'a query in a callback nobody waits for',
    'no-floating-promises',
    `${source}/floating.ts`,
    `${save}declare function inTx(work: () => Promise<void>): Promise<void>;\nexport const a = inTx(async () => {\n  save();\n  await save();\n});`,
  ],
  [
    'a promise as a condition',
    'no-misused-promises',
    `${source}/misused.ts`,
    `${save}export const a = () => (save() ? 1 : 2);`,
  ],
  [
    'a case that is not thought of',
    'switch-exhaustiveness-check',
    `${source}/switch.ts`,
    `export function a(b: 'c' | 'd') {\n  switch (b) {\n    case 'c':\n      return 1;\n  }\n  return 2;\n}`,
  ],
  ['any', 'no-explicit-any', `${source}/any.ts`, 'export const a: any = 1;'],
  ['a default export', 'no-default-export', `${source}/default.ts`, 'export default 1;'],
  [
    'a function of 71 lines',
    'max-lines-per-function',
    `${source}/long.ts`,
    `export function a() {\n${'  void 0;\n'.repeat(69)}}`,
  ],
  ['a file of 301 lines', 'max-lines', `${source}/file.ts`, 'export {};\n'.repeat(301)],
  [
    'five arguments',
    'max-params',
    `${source}/params.ts`,
    'export const a = (b: 1, c: 1, d: 1, e: 1, f: 1) => [b, c, d, e, f];',
  ],
  ['an unused name', 'no-unused-vars', `${source}/unused.ts`, 'const a = 1;\nexport {};'],
  [
    'a test left focused',
    'no-focused-tests',
    `${source}/a.test.ts`,
    `import { it } from 'vitest';\nit.only('a', () => {});`,
  ],
  ['Date in a domain', 'no-restricted-globals', `${domain}/date.ts`, 'export const a = () => new Date();'],
  ['process in a domain', 'no-restricted-globals', `${domain}/process.ts`, 'export const a = () => process.pid;'],
  [
    'fetch in the kernel',
    'no-restricted-globals',
    `${source}/kernel/fetch.ts`,
    `export const a = () => void fetch('b');`,
  ],
  [
    'setTimeout in a domain',
    'no-restricted-globals',
    `${domain}/timeout.ts`,
    'export const a = () => void setTimeout(() => {}, 1);',
  ],
  [
    'Math.random in a domain',
    'no-restricted-properties',
    `${domain}/random.ts`,
    'export const a = () => Math.random();',
  ],
  [
    'Temporal.Now in the kernel',
    'no-restricted-properties',
    `${source}/kernel/now.ts`,
    `import { Temporal } from 'temporal-polyfill';\nexport const a = () => Temporal.Now.instant();`,
  ],
];

describe('oxlint', () => {
  let found: { filename: string; code: string }[];

  beforeAll(() => {
    planted.write(Object.fromEntries(lint.map(([, , path, text]) => [path, text])));
    planted.write({ [`${source}/fine.ts`]: 'export const now = () => Date.now();\n' });
    const { output } = run('oxlint', ['-c', join(repository, '.oxlintrc.json'), '--format', 'json', 'packages']);
    found = (JSON.parse(output) as { diagnostics: typeof found }).diagnostics;
  });

  it.each(lint)('finds %s (%s)', (_what, rule, path) => {
    expect(found.filter((one) => one.filename === path).map((one) => one.code)).toContainEqual(
      expect.stringContaining(rule),
    );
  });

  it('finds nothing in a file that is fine', () => {
    expect(found.filter((one) => one.filename === `${source}/fine.ts`)).toEqual([]);
  });
});

describe('tsc', () => {
  it.each([
    ['an element that may be missing', 'export const a = (b: string[]): string => b[0];', 'TS2322'],
    ['undefined for an optional property', 'export const a: { b?: string } = { b: undefined };', 'TS2375'],
    ['an enum, which Node cannot strip', 'export enum A {}', 'TS1294'],
    ['a missing return', 'export function a(b: boolean): number | undefined {\n  if (b) return 1;\n}', 'TS7030'],
  ])('finds %s', (_what, text, code) => {
    const types = fixture({ 'tsconfig.json': tsconfig, 'package.json': '{ "type": "module" }', 'src/a.ts': text });
    const compiler = join(repository, 'node_modules/@typescript/native/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', types.root, '--noEmit'], { encoding: 'utf8' });
    types.remove();
    expect(stdout).toContain(code);
  });
});

describe('squawk', () => {
  const squawk = (sql: string) => {
    planted.write({ 'migrations/0001_a.sql': sql });
    return run('squawk', ['--config', join(repository, '.squawk.toml'), 'migrations/*.sql']);
  };

  it('finds a column that locks and rewrites a table', () => {
    const { code, output } = squawk('alter table a.b alter column c type bigint;');
    expect([code, output]).toEqual([1, expect.stringContaining('changing-column-type')]);
  });

  it('lets a new table pass', () => {
    const { code, output } = squawk('create table a.b (c uuid primary key, d smallint not null);');
    expect([code, output]).toEqual([0, expect.any(String)]);
  });
});

describe('biome', () => {
  const biome = (text: string) => {
    planted.write({ 'format/a.ts': text, 'biome.json': readFileSync(join(repository, 'biome.json'), 'utf8') });
    return run('biome', ['ci', '--linter-enabled=false', '--vcs-enabled=false', 'format']).code;
  };

  it.each([
    ['double quotes', 'export const a = "b";\n', 1],
    ['a missing semicolon', `export const a = 'b'\n`, 1],
    ['imports out of order', `import { b } from './b.ts';\nimport { a } from './a.ts';\n\nexport { a, b };\n`, 1],
    ['what is as it should be', `export const a = 'b';\n`, 0],
  ])('%s', (_what, text, code) => {
    expect(biome(text)).toBe(code);
  });
});

describe('knip', () => {
  it('finds an export, a file and a dependency that nobody uses', () => {
    const unused = fixture({
      'package.json': '{ "name": "planted", "type": "module", "workspaces": ["packages/*"] }',
      'knip.json': readFileSync(join(repository, 'knip.json'), 'utf8'),
      'packages/server/package.json': '{ "name": "@planted/server", "type": "module", "dependencies": { "pg": "8" } }',
      [`${source}/main.ts`]: `import { used } from './wiring.ts';\nused();\n`,
      [`${source}/wiring.ts`]: 'export function used() {}\nexport function idle() {}\n',
      [`${source}/lonely.ts`]: 'export const a = 1;\n',
    });
    const { status, stdout } = spawnSync(bin('knip'), ['--no-progress', '--no-config-hints'], {
      cwd: unused.root,
      encoding: 'utf8',
    });
    unused.remove();
    expect(status).toBe(1);
    for (const found of ['idle', 'lonely.ts', 'pg']) expect(stdout).toContain(found);
  });
});
