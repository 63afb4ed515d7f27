import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { examples } from './examples.ts';
import { identityFields, importKinds, specsOf } from './kinds.ts';
import { importMapping } from './mapping.ts';

const manual = readFileSync(new URL('../../../../../../docs/manual/operator/import.md', import.meta.url), 'utf8');

it('the manual shows the examples that are tested', () => {
  const shown = [...manual.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, json = '']) => JSON.parse(json) as unknown);
  expect(shown).toEqual(Object.values(examples).map(({ mapping }) => mapping));
});

it('the manual names every field of every kind, and every key of a mapping', () => {
  for (const kind of importKinds) {
    const section = manual.slice(manual.indexOf(`\n### ${kind}\n`)).split('\n### ')[1] ?? '';
    const own = Object.entries(specsOf(kind)).filter(([name]) => kind === 'members' || !isIdentity(name));
    for (const [name, spec] of own)
      expect(section).toContain(`| \`${name}\` | ${spec.type}${spec.required ? ', required' : ''} | ${spec.about} |`);
  }
  for (const key of Object.keys(importMapping.shape)) expect(manual).toContain(`| \`${key}\` |`);
});

function isIdentity(name: string): boolean {
  return (identityFields as readonly string[]).includes(name);
}
