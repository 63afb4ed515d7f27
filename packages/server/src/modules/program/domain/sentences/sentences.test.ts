import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyInput, anyProgram } from '#test/program/quote-arbitrary.ts';
import { aProgram } from '#test/program/quote-fixture.ts';
import { compileProgram } from '../compile.ts';
import { conditionKinds } from '../conditions/index.ts';
import { programDocument } from '../document.ts';
import { effectKinds } from '../effects/index.ts';
import { russia } from '../legal/russia.ts';
import { quote } from '../quote.ts';
import { programJsonSchema, ruleForms } from '../rule-forms.ts';
import { describePromotion } from './describe.ts';
import { diffProgram } from './diff.ts';
import { explain, sentenceOf } from './explain.ts';
import { explanationSentences } from './explanations.ts';
import { fill, formatMoney } from './format.ts';

describe('sentences', () => {
  it.each([
    [1, '1 балл', '1 point'],
    [2, '2 балла', '2 points'],
    [5, '5 баллов', '5 points'],
    [11, '11 баллов', '11 points'],
    [21, '21 балл', '21 points'],
    [112, '112 баллов', '112 points'],
    [1234, '1\u00a0234 балла', '1,234 points'],
    ['1.5', '1,5 балла', '1.5 points'],
  ])('R12: %s is counted as %s and %s', (count, ru, en) => {
    const template = { ru: '{n|points}', en: '{n|points}' };
    expect([fill(template, { n: count }, 'ru'), fill(template, { n: count }, 'en')]).toEqual([ru, en]);
  });

  it('R12: money is read as rubles', () => {
    expect([formatMoney(123450, 'ru'), formatMoney(-5, 'ru'), formatMoney(100, 'en')]).toEqual([
      '1\u00a0234,50\u00a0₽',
      '−0,05\u00a0₽',
      '₽1',
    ]);
  });

  it('R12: every explanation of any receipt has a sentence without holes, in both languages', () => {
    fc.assert(
      fc.property(anyProgram, anyInput, (document, input) => {
        const program = compileProgram(programDocument.parse(document), {
          version: 1,
          legalProfile: russia,
          zone: 'Europe/Moscow',
        });
        for (const said of quote(program, input).explanation) {
          expect({ code: said.code, sentence: sentenceOf(said.code) }).not.toHaveProperty('sentence', null);
          expect(explain(said, 'ru')).toMatch(/^[^{}]*[а-яА-Я][^{}]*$/);
          expect(explain(said, 'en')).toMatch(/^[^{}а-яА-Я]+$/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('R12: both languages of a sentence name the same arguments', () => {
    const names = (text: string) =>
      [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name).toSorted((a = '', b = '') => (a < b ? -1 : 1));
    const templates = [
      ...Object.values(explanationSentences),
      ...conditionKinds.flatMap(({ sentence, unmet, label }) => [sentence, unmet, label]),
      ...effectKinds.flatMap(({ sentence, label }) => [sentence, label]),
    ];
    for (const template of templates) expect(names(template.ru)).toEqual(names(template.en));
  });
});

const may = {
  code: 'may',
  name: 'Май',
  from: '2026-05-19',
  until: '2026-05-26',
  conditions: [{ kind: 'receipt_sum', from: 100000 }],
  effects: [{ kind: 'percent_off', percent: '10' }],
};

describe('versions in words', () => {
  it('R29: a promotion in one sentence', () => {
    const [promotion] = aProgram({ promotions: [may] }).document.promotions;
    if (!promotion) throw new Error('no promotion');
    expect(describePromotion(promotion, 'ru')).toBe(
      'скидка 10 %: с 2026-05-19, по 2026-05-26, сумма чека от 1\u00a0000\u00a0₽',
    );
    expect(describePromotion(promotion, 'en')).toBe(
      '10 % off: from 2026-05-19, until 2026-05-26, receipts from ₽1,000',
    );
  });

  it('R29: what changed between two versions', () => {
    const before = aProgram({ earning: { default_rate: '5' }, promotions: [may, { ...may, code: 'june' }] }).document;
    const after = aProgram({
      earning: { default_rate: '7' },
      promotions: [
        { ...may, priority: 3 },
        { ...may, code: 'july', needs_code: true },
      ],
    }).document;
    expect(diffProgram(before, after).map(({ ru }) => ru)).toEqual([
      'Начисление без уровня, %: 5 → 7',
      'Акция «june»: убрано',
      'Акция «may», priority: 0 → 3',
      'Акция «july»: добавлено (скидка 10 %: по промокоду, с 2026-05-19, по 2026-05-26, сумма чека от 1\u00a0000\u00a0₽)',
    ]);
    expect(diffProgram(before, before)).toEqual([]);
  });

  it('R29: every setting of a document has a label, so that no change goes unsaid', () => {
    const { document } = aProgram();
    for (const [section, value] of Object.entries(document)) {
      if (['format', 'segments', 'promotions', 'promotion_groups'].includes(section)) continue;
      const fields = typeof value === 'object' ? Object.keys(value).map((key) => `${section}.${key}`) : [section];
      for (const path of fields) {
        if (path === 'tiers.list' || path === 'earning.rates') continue;
        const changed = structuredClone(document) as Record<string, unknown>;
        const [outer = '', inner] = path.split('.');
        if (inner === undefined) changed[outer] = 'changed';
        else (changed[outer] as Record<string, unknown>)[inner] = 'changed';
        expect([path, diffProgram(document, changed as never).length]).toEqual([path, 1]);
      }
    }
  });
});

describe('forms', () => {
  it('R16: every kind has labels, sentences and a schema whose fields say how to ask', () => {
    const { conditions, effects } = ruleForms();
    const fields = [...conditions, ...effects].flatMap(({ code, args }) =>
      Object.entries(args['properties'] as Record<string, { form?: { ru: string; en: string; widget: string } }>)
        .filter(([name]) => name !== 'kind')
        .map(([name, { form }]) => ({
          field: `${code}.${name}`,
          asked: form !== undefined && form.ru !== '' && form.en !== '',
        })),
    );
    expect(fields.length).toBeGreaterThan(20);
    expect(fields.filter(({ asked }) => !asked)).toEqual([]);
  });

  it('R29: the JSON Schema names every kind and leaves defaults out of what is required', () => {
    const schema = JSON.stringify(programJsonSchema());
    for (const { code } of [...conditionKinds, ...effectKinds]) expect(schema).toContain(`"const":"${code}"`);
    expect(programJsonSchema()['required']).toEqual(['format', 'name']);
  });
});
