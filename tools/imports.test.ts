import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from './files.mjs';
import { type Fixture, fixture } from './fixture.ts';
import { importProblems } from './imports.mjs';
import { modules } from './modules.mjs';

const source = 'packages/server/src';
const module = (path: string) => `${source}/modules/${path}`;

/** Every file that something below imports. */
const targets = [
  ...['kernel/money.ts', 'platform/db.ts', 'wiring.ts'].map((path) => `${source}/${path}`),
  ...['index.ts', 'domain/lot.ts', 'store/lots.ts', 'service/earn.ts', 'http/routes.ts', 'providers/file.ts'].map(
    (path) => module(`ledger/${path}`),
  ),
  ...['access', 'standing', 'checkout', 'program', 'analytics'].map((name) => module(`${name}/index.ts`)),
  ...[module('standing/store/rows.ts'), 'packages/server/test/factories.ts', 'packages/contract/src/wire.ts'],
  'packages/admin/src/format.ts',
];

const forbidden: [from: string, imported: string][] = [
  ['kernel/a.ts', '#platform/db.ts'],
  ['kernel/b.ts', 'node:crypto'],
  ['kernel/c.ts', 'kysely'],
  ['platform/a.ts', '#modules/ledger/index.ts'],
  ['platform/b.ts', '../wiring.ts'],
  ['modules/ledger/domain/a.ts', '#platform/db.ts'],
  ['modules/ledger/domain/b.ts', '../store/lots.ts'],
  ['modules/ledger/domain/c.ts', 'kysely'],
  ['modules/ledger/domain/d.ts', 'node:crypto'],
  ['modules/ledger/domain/e.ts', '#modules/standing/index.ts'],
  ['modules/ledger/domain/f.ts', '@kopilka/contract/wire'],
  ['modules/ledger/store/a.ts', '../service/earn.ts'],
  ['modules/ledger/store/b.ts', '#modules/standing/index.ts'],
  ['modules/ledger/store/c.ts', 'fastify'],
  ['modules/ledger/service/a.ts', '../http/routes.ts'],
  ['modules/ledger/service/b.ts', '#modules/checkout/index.ts'],
  ['modules/ledger/service/c.ts', '#modules/standing/store/rows.ts'],
  ['modules/ledger/service/d.ts', 'kysely'],
  ['modules/ledger/service/e.ts', 'node:fs'],
  ['modules/ledger/service/f.ts', '../providers/file.ts'],
  ['modules/ledger/service/g.ts', '#test/factories.ts'],
  ['modules/ledger/http/a.ts', '../store/lots.ts'],
  ['modules/ledger/http/b.ts', '#modules/standing/index.ts'],
  ['modules/ledger/cli/a.ts', '../http/routes.ts'],
  ['modules/ledger/utils/a.ts', '#kernel/money.ts'],
  ['modules/program/service/a.ts', '#modules/ledger/index.ts'],
  ['modules/analytics/service/a.ts', '#modules/ledger/index.ts'],
  ['modules/newcomer/service/a.ts', '#modules/ledger/index.ts'],
  ['modules/standing/service/a.test.ts', '#modules/ledger/index.ts'],
  ['modules/ledger/service/h.ts', 'vitest'],
  ['modules/ledger/service/i.ts', './nowhere.ts'],
  ['../../contract/src/a.ts', 'temporal-polyfill'],
  ['../../contract/src/b.ts', '../../server/src/kernel/money.ts'],
  ['../../admin/src/a.ts', '../../server/src/kernel/money.ts'],
  ['other/a.ts', '#kernel/money.ts'],
];

const permitted: [from: string, imported: string][] = [
  ['kernel/z.ts', 'temporal-polyfill'],
  ['platform/z.ts', '#kernel/money.ts'],
  ['modules/ledger/domain/z.ts', '#kernel/money.ts'],
  ['modules/ledger/domain/y.ts', 'type #modules/standing/index.ts'],
  ['modules/ledger/store/z.ts', '../domain/lot.ts'],
  ['modules/ledger/store/y.ts', 'kysely'],
  ['modules/ledger/service/z.ts', '../store/lots.ts'],
  ['modules/ledger/service/y.ts', '#modules/standing/index.ts'],
  ['modules/ledger/service/x.ts', '#modules/access/index.ts'],
  ['modules/ledger/http/z.ts', '@kopilka/contract/wire'],
  ['modules/ledger/http/y.ts', 'fastify'],
  ['modules/ledger/service/z.test.ts', '#test/factories.ts'],
  ['modules/ledger/service/y.test.ts', '../domain/lot.ts'],
  ['main.ts', '#modules/ledger/providers/file.ts'],
  ['../test/stories/z.test.ts', '#modules/ledger/index.ts'],
  ['../../admin/src/z.ts', '@kopilka/contract/wire'],
];

describe('import rules', () => {
  let planted: Fixture;
  let problems: string[];

  beforeAll(async () => {
    planted = fixture({
      'package.json': '{ "name": "planted", "type": "module" }',
      ...Object.fromEntries(targets.map((path) => [path, 'export const one = 1;\n'])),
      ...Object.fromEntries(
        [...forbidden, ...permitted].map(([from, imported]) => [pathOf(from), importing(imported)]),
      ),
      [module('ledger/domain/circle.ts')]: `import { one } from './round.ts';\nexport const two = one;\n`,
      [module('ledger/domain/round.ts')]: `import { two } from './circle.ts';\nexport const one = two;\n`,
    });
    for (const name of ['server', 'contract']) {
      const path = `packages/${name}/package.json`;
      planted.write({ [path]: readFileSync(join(repository, path), 'utf8') });
    }
    for (const name of ['zod', 'kysely', 'fastify', 'temporal-polyfill', 'vitest']) planted.link(name);
    planted.link('@kopilka/contract', join(planted.root, 'packages/contract'));
    problems = await importProblems(planted.root);
  });

  afterAll(() => planted.remove());

  it.each(forbidden)('%s may not import %s', (from) => {
    expect(problems.filter((problem) => problem.startsWith(`${pathOf(from)} →`))).not.toEqual([]);
  });

  it.each(permitted)('%s may import %s', (from) => {
    expect(problems.filter((problem) => problem.startsWith(`${pathOf(from)} →`))).toEqual([]);
  });

  it('finds two files that import each other', () => {
    expect(problems).toContainEqual(
      expect.stringMatching(/ledger\/domain\/(circle|round).ts .*they import each other/),
    );
  });

  it('looked at every file', () => {
    expect(problems.filter((problem) => problem.includes('was not looked at'))).toEqual([]);
  });
});

it('does not pass when there is nothing to look at', async () => {
  const empty = fixture({ 'packages/server/src/readme.md': '' });
  try {
    expect(await importProblems(empty.root)).toEqual(['there are no files to look at']);
  } finally {
    empty.remove();
  }
});

describe('the table of modules', () => {
  const names = Object.keys(modules);

  it.each(Object.entries(modules))('%s calls only modules above it in the table', (name, callees) => {
    const lower = names.slice(0, names.indexOf(name));
    // Playbooks, bots and imports stand beside one another; what they call is still lower than all of them.
    expect(callees.filter((callee) => !lower.includes(callee))).toEqual([]);
  });
});

function pathOf(from: string): string {
  return join(source, from);
}

function importing(imported: string): string {
  if (imported.startsWith('type ')) return `import type { One } from '${imported.slice(5)}';\nexport type Two = One;\n`;
  return `import * as it from '${imported}';\nexport const two = it;\n`;
}
