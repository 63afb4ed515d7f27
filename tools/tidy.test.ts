import { describe, expect, it, onTestFinished } from 'vitest';
import { fixture } from './fixture.ts';
import { uncoveredRules, unprovenPromises } from './rules-covered.mjs';
import { folderProblems } from './tidy/folders.mjs';
import { generatedProblems } from './tidy/generated.mjs';
import { isPermissive, licenceProblems } from './tidy/licences.mjs';
import { linkProblems } from './tidy/links.mjs';
import { nameProblems } from './tidy/names.mjs';

function plant(files: Record<string, string>): string {
  const planted = fixture(files);
  onTestFinished(() => planted.remove());
  return planted.root;
}

const ledger = 'packages/server/src/modules/ledger';
const goodModule = {
  [`${ledger}/README.md`]: '# ledger\n',
  [`${ledger}/index.ts`]: `export { earn } from './service/earn.ts';\n`,
};
// Spelled apart: this file is looked at as well.
const mark = 'TO' + 'DO';

describe('folders', () => {
  it('a module with a README and a door is fine', () => {
    expect(folderProblems(plant({ ...goodModule, 'packages/server/migrations/0001_ledger.sql': '' }))).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a module without README', { [`${ledger}/index.ts`]: '' }, `${ledger}: has no README.md`],
    ['a module without door', { [`${ledger}/README.md`]: '#' }, `${ledger}: has no door (index.ts)`],
    ['a README of two screens', { ...goodModule, [`${ledger}/README.md`]: '\n'.repeat(80) }, 'longer than a screen'],
    [
      'a door that declares',
      { ...goodModule, [`${ledger}/index.ts`]: 'export const a = 1;' },
      'a door only re-exports',
    ],
    ['a module outside the table', { 'packages/server/src/modules/loot/index.ts': '' }, 'is not in the table'],
    ['a vague file', { 'packages/server/src/kernel/utils.ts': '' }, 'named after what it holds'],
    ['a vague folder', { 'packages/server/src/helpers/money.ts': '' }, 'named after what it holds'],
    [
      'work left behind',
      { 'packages/server/src/main.ts': `const a = 1;\n// ${mark}: later\n` },
      'main.ts:2: leaves work',
    ],
    ['a migration without a number', { 'packages/server/migrations/members.sql': '' }, 'is not called NNNN_name.sql'],
    [
      'two migrations of one number',
      { 'packages/server/migrations/0001_a.sql': '', 'packages/server/migrations/0001_b.sql': '' },
      '0001_b.sql: its number is taken',
    ],
  ])('%s is found', (_what, files, sentence) => {
    expect(folderProblems(plant(files))).toContainEqual(expect.stringContaining(sentence));
  });
});

describe('names', () => {
  const source = 'packages/server/src/kernel/a.ts';
  const migration = 'packages/server/migrations/0001_a.sql';

  it.each([
    [source, 'export const customerId = 1;', 'exports customerId; the glossary says member, not customer'],
    [source, 'export function listUsers() {}', 'exports listUsers'],
    [source, 'export type VoucherCode = string;', 'exports VoucherCode'],
    [source, 'const a = 1;\nexport { a as coupon };', 'exports coupon'],
    [migration, 'create table a.customer (customer_id uuid);', 'names customer_id'],
    [migration, 'create table a.b (store_id text);', 'names store_id; the glossary says shop, not store'],
  ])('in %s, %s is found', (path, text, sentence) => {
    expect(nameProblems(plant({ [path]: text }))).toContainEqual(expect.stringContaining(sentence));
  });

  it.each([
    [source, 'const customer = 1;\nexport const memberId = customer;'],
    [source, 'export function inTransaction() {}'],
    [source, 'export const userless = 1;'],
    [
      migration,
      `-- a customer of old\ncreate table a.member (note text check (note <> 'user'), by text default current_user);`,
    ],
  ])('in %s, %s is fine', (path, text) => {
    expect(nameProblems(plant({ [path]: text }))).toEqual([]);
  });
});

describe('links', () => {
  const target = { 'docs/words.md': '# Words\n\n## Points & lots\n' };

  it.each([
    '[a](docs/words.md)',
    '[a](docs/words.md#points--lots)',
    '[a](https://example.org)',
    '[a](#top)\n# Top',
    '`[a](b)`',
  ])('%s leads somewhere', (text) => {
    expect(linkProblems(plant({ ...target, 'README.md': text }))).toEqual([]);
  });

  it.each(['[a](docs/word.md)', '[a](docs/words.md#lots)', '![a](picture.png)', '[a](../outside.md)'])(
    '%s does not',
    (text) => {
      expect(linkProblems(plant({ ...target, 'README.md': text }))).toHaveLength(1);
    },
  );
});

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0-only', false],
    ['AGPL-3.0-only', false],
    ['UNLICENSED', false],
    ['SEE LICENSE IN x', false],
  ])('%s is permissive: %s', (licence, answer) => {
    expect(isPermissive(licence)).toBe(answer);
  });

  it('finds a production package that forbids, or states nothing; tools are another matter', () => {
    const packages = {
      '': { license: 'Apache-2.0' },
      'node_modules/fine': { version: '1.0.0', license: 'MIT' },
      'node_modules/strict': { version: '1.0.0', license: 'AGPL-3.0' },
      'node_modules/fine/node_modules/silent': { version: '1.0.0' },
      'node_modules/tool': { version: '1.0.0', license: 'GPL-2.0', dev: true },
    };
    expect(licenceProblems(plant({ 'package-lock.json': JSON.stringify({ packages }) }))).toEqual([
      'strict: its licence is AGPL-3.0',
      'silent: states no licence',
    ]);
  });
});

describe('rules', () => {
  it('a rule is covered by a title, not by a comment or a body', () => {
    const test = `
      describe('R1: money', () => {
        it.each([1])('R2: %s', () => {});
        // it('R3: soon', () => {});
        it('other', () => { text('R4'); });
        story(\`R5: \${name}\`, () => {});
        test('R66 is not R6', () => {});
      });`;
    const root = plant({ 'packages/server/src/a.test.ts': test });
    expect(uncoveredRules(root, [1, 2, 3, 4, 5, 66])).toEqual([
      'R3: no test names it in its title',
      'R4: no test names it in its title',
    ]);
  });

  it('a promise without a test that exists is found', () => {
    const there = { 'packages/server/test/stories/a.test.ts': '' };
    const document = [
      '# Reliability',
      '| what went wrong | test |',
      '|---|---|',
      '| twice the points | `packages/server/test/stories/a.test.ts` |',
      '| lost points | [b](../packages/server/test/stories/b.test.ts) |',
      '| wrong points | soon |',
    ].join('\n');
    expect(unprovenPromises(plant({ ...there, 'docs/reliability.md': document }))).toEqual([
      'docs/reliability.md:5: ../packages/server/test/stories/b.test.ts is not there',
      'docs/reliability.md:6: names no test',
    ]);
  });

  it('an empty or missing list of promises is found', () => {
    expect(unprovenPromises(plant({ 'docs/reliability.md': '# Nothing\n' }))).toHaveLength(1);
    expect(unprovenPromises(plant({}))).toEqual(['docs/reliability.md: is not there']);
  });
});

describe('generated files', () => {
  const command = ['node', '-e', 'process.stdout.write("fresh")'];
  const problems = (files: Record<string, string>, commands = command) =>
    generatedProblems(plant(files), {
      generated: [{ file: 'a.json', command: commands }],
      mustBeGenerated: ['b.json'],
    });

  it('a fresh one is fine', async () => {
    expect(await problems({ 'a.json': 'fresh' })).toEqual([]);
  });

  it.each<[string, Record<string, string>, string[], string]>([
    ['a stale one', { 'a.json': 'old' }, command, 'is not fresh'],
    ['a missing one', {}, command, 'is not there'],
    ['a command that fails', { 'a.json': 'fresh' }, ['node', '-e', 'throw new Error("no verb")'], 'its command failed'],
    ['one without a command', { 'a.json': 'fresh', 'b.json': '' }, command, 'has no entry'],
  ])('%s is found', async (_what, files, commands, sentence) => {
    expect(await problems(files, commands)).toEqual([expect.stringContaining(sentence)]);
  });
});
