import { describe, expect, it } from 'vitest';
import { russia, validateProgram } from '#modules/program/index.ts';
import { segmentProblems } from '#modules/segments/index.ts';
import { findPlaybook, playbooks } from './shelf.ts';

describe('the playbooks', () => {
  it('are the five programs of the cases', () => {
    expect(playbooks.map(({ code }) => code)).toEqual([
      'a-cosmetics-chain',
      'b-brand-on-marketplaces',
      'c-book-publisher',
      'd-hookah-chain',
      'e-two-small-towns',
    ]);
    expect(findPlaybook('f-nothing')).toBeNull();
  });

  it.each(playbooks.map((playbook) => [playbook.code, playbook] as const))(
    '%s is a valid program without a warning',
    (_code, { program }) => {
      const validation = validateProgram(program, { legalProfile: russia, segmentsCheck: segmentProblems });
      expect(validation).toMatchObject({ ok: true, warnings: [] });
    },
  );

  it.each(playbooks.map((playbook) => [playbook.code, playbook] as const))(
    '%s says which values are ours, each of them there',
    (_code, { ours, program }) => {
      expect(ours.length).toBeGreaterThan(0);
      for (const { path } of ours) expect([path, valueAt(program, path)]).not.toEqual([path, undefined]);
    },
  );
});

function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
}
