import { describe, expect, it } from 'vitest';
import { evaluateSegments, segmentProblems, validateRule } from '../index.ts';
import { memberFields } from '../service/registry.ts';

describe('R16: a segment is a typed rule', () => {
  it.each([
    [{ field: 'balance', at_least: 30 }, []],
    [{ all: [{ field: 'purchases_count', at_least: 2 }, { not: { field: 'gender', is: 'male' } }] }, []],
    [null, ['']],
    [{}, ['']],
    [{ all: [], any: [] }, ['']],
    [{ all: [] }, ['/all']],
    [{ every: [] }, ['/every']],
    [{ any: [{ field: 'balance' }] }, ['/any/0']],
    [{ any: [{ field: 'balance', at_least: 5, at_most: 4 }] }, ['/any/0']],
    [{ any: [{ field: 'balance', at_least: -1 }, { field: 'nothing' }] }, ['/any/0/at_least', '/any/1/field']],
    [{ field: 'balance', at_least: 1, more: 2 }, ['']],
    [
      { not: { not: { not: { not: { not: { not: { not: { not: { field: 'gender', is: 'male' } } } } } } } } },
      ['/not/not/not/not/not/not/not/not'],
    ],
    [{ any: Array.from({ length: 101 }, () => ({ field: 'gender', is: 'male' })) }, ['']],
  ])('%j has problems at %j', (json, paths) => {
    const reading = validateRule(json, 'audience');
    expect(reading.ok ? [] : reading.problems.map(({ path }) => path)).toEqual(paths);
  });

  it('the program may only ask what a purchase has loaded', () => {
    const rule = { field: 'consent', channel: 'sms', purpose: 'advertising' };
    expect(validateRule(rule, 'audience').ok).toBe(true);
    expect(segmentProblems([{ code: 'reachable', rule }])).toMatchObject([
      { segment: 'reachable', path: '/0/rule/field' },
    ]);
  });

  it('a rule that cannot be read holds for nobody and stops no sale', () => {
    const segments = [{ code: 'broken', rule: { field: 'no_such' } }];
    expect(evaluateSegments(segments, {} as Parameters<typeof evaluateSegments>[1])).toEqual(new Set());
  });

  it.each(memberFields.map(({ code, sentence }) => ({ code, sentence })))(
    '$code has a sentence in both languages that names its arguments',
    ({ sentence }) => {
      const names = (text: string) => new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(names(sentence.ru)).toEqual(names(sentence.en));
      expect(sentence.ru).toMatch(/[а-я]/);
    },
  );

  it('no two fields share a code', () => {
    expect(new Set(memberFields.map(({ code }) => code)).size).toBe(memberFields.length);
  });
});
