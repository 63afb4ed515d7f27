import { describe, expect, it } from 'vitest';
import { aProduct } from '#test/program/quote-fixture.ts';
import { russia } from './legal/russia.ts';
import type { ValidationContext } from './validate/context.ts';
import { validateProgram } from './validate.ts';

const context: ValidationContext = {
  legalProfile: russia,
  knownShops: new Set(['center']),
  knowsCategory: (code) => code === 'tea',
  productBySku: (sku) =>
    sku === 'pack' ? aProduct('pack', { legalClass: 'tobacco' }) : sku === 'cup' ? aProduct('cup') : null,
  fixedPointValue: 100,
  today: '2026-03-01',
  segmentsCheck: (segments) =>
    segments.flatMap(({ rule }, index) => (rule === 'bad' ? [{ path: `/${index}/rule`, message: 'not a rule' }] : [])),
};

function problems(document: Record<string, unknown>): string[] {
  const validation = validateProgram({ format: 1, name: 'x', ...document }, context);
  const found = validation.ok ? validation.warnings : validation.problems;
  return found.map(({ path, code, severity }) => `${severity === 'error' ? '' : 'warning '}${path} ${code}`);
}

const promotion = (about: Record<string, unknown>) => ({
  promotions: [{ code: 'p', name: 'P', effects: [{ kind: 'forbid_earning' }], ...about }],
});
const condition = (about: Record<string, unknown>) => promotion({ conditions: [about] });
const effect = (about: Record<string, unknown>) => promotion({ effects: [about] });
const tier = (code: string, rank: number, about: Record<string, unknown> = {}) => ({
  code,
  name: { ru: code, en: code },
  rank,
  earn_rate: '5',
  ...about,
});

describe('what publishing says', () => {
  it.each([
    ['no object', { format: 2 }, ['/format unknown_format']],
    ['an unknown field', { earning: { rat: '5' } }, ['/earning/rat unknown_field']],
    ['a number for a rate', { earning: { default_rate: 5 } }, ['/earning/default_rate invalid_type']],
    ['a rate that is none', { earning: { default_rate: '5 %' } }, ['/earning/default_rate custom']],
    [
      'an unknown kind of effect, once',
      effect({ kind: 'percent_of', percent: '5' }),
      ['/promotions/0/effects/0/kind unknown_kind'],
    ],
    [
      'a wrong argument of a rule',
      effect({ kind: 'percent_off', percent: '-5' }),
      ['/promotions/0/effects/0/percent custom'],
    ],
    ['a missing argument', condition({ kind: 'shops' }), ['/promotions/0/conditions/0/shops invalid_type']],
    ['a wrong term', { earning: { term: { kind: 'days', days: 0 } } }, ['/earning/term/days too_small']],
    ['a wrong delay', { earning: { delay: { hours: -1 } } }, ['/earning/delay/hours too_small']],
    [
      'two of one code',
      { promotions: [...promotion({}).promotions, ...promotion({}).promotions] },
      ['/promotions/1/code duplicate_code'],
    ],
    ['a reserved code', promotion({ code: 'base' }), ['/promotions/0/code reserved_code']],
    [
      'two tiers of one rank',
      { tiers: { list: [tier('a', 0), tier('b', 1, { by_hand_only: true }), tier('c', 1, { by_hand_only: true })] } },
      ['/tiers/list/2/rank duplicate_rank'],
    ],
    [
      'a lowest tier with conditions',
      { tiers: { list: [tier('a', 0, { by_hand_only: true })] } },
      ['/tiers/list/0 lowest_tier_is_for_all'],
    ],
    [
      'a tier nobody reaches',
      { tiers: { list: [tier('a', 0), tier('b', 1)] } },
      ['/tiers/list/1/conditions unreachable_tier'],
    ],
    ['a redemption above the whole', { redeeming: { rate: '101' } }, ['/redeeming/rate more_than_whole']],
    [
      'points above the whole, asked about',
      { earning: { default_rate: '101' } },
      ['warning /earning/default_rate more_than_whole'],
    ],
    [
      'a discount above the whole',
      effect({ kind: 'percent_off', percent: '101' }),
      ['/promotions/0/effects/0/percent more_than_whole'],
    ],
    [
      'an unknown tier',
      condition({ kind: 'tier', tiers: ['gold'] }),
      ['/promotions/0/conditions/0/tiers/0 unknown_tier'],
    ],
    [
      'an unknown tier of a rate',
      { earning: { rates: [{ code: 'r', rate: '5', match: { tiers: ['gold'] } }] } },
      ['/earning/rates/0/match/tiers/0 unknown_tier'],
    ],
    [
      'an unknown segment',
      condition({ kind: 'segment', segment: 'vip' }),
      ['/promotions/0/conditions/0/segment unknown_segment'],
    ],
    ["a segment's rule", { segments: [{ code: 'vip', name: 'VIP', rule: 'bad' }] }, ['/segments/0/rule segment_rule']],
    ['an unknown group', promotion({ group: 'g' }), ['/promotions/0/group unknown_group']],
    [
      'an unknown enemy',
      { promotion_groups: [{ code: 'g', mode: 'best', excludes: ['h'] }] },
      ['/promotion_groups/0/excludes/0 unknown_group'],
    ],
    [
      'an unknown shop, a warning',
      condition({ kind: 'shops', shops: ['center', 'nort'] }),
      ['warning /promotions/0/conditions/0/shops/1 unknown_shop'],
    ],
    [
      'an unknown category, a warning',
      condition({ kind: 'line_match', products: { categories: ['tea', 'te'] } }),
      ['warning /promotions/0/conditions/0/products/categories/1 unknown_category'],
    ],
    [
      'an end before the beginning',
      promotion({ from: '2026-04-02', until: '2026-04-01' }),
      ['/promotions/0/until never_runs'],
    ],
    ['what is over', promotion({ until: '2026-02-28' }), ['warning /promotions/0/until already_over']],
    [
      'a sum that is never',
      condition({ kind: 'receipt_sum', from: 10, below: 10 }),
      ['/promotions/0/conditions/0/below never_holds'],
    ],
    [
      'dates of two sorts',
      condition({ kind: 'dates', from: '2026-01-01', until: '01-08' }),
      ['/promotions/0/conditions/0/until never_holds'],
    ],
    [
      'a day that is none',
      condition({ kind: 'dates', from: '02-30', until: '03-01' }),
      ['/promotions/0/conditions/0/from custom'],
    ],
    [
      'hours that are none',
      condition({ kind: 'hours', from: '10:00', until: '10:00' }),
      ['/promotions/0/conditions/0/until never_holds'],
    ],
    [
      'a code of no promotion',
      effect({ kind: 'next_code', promotion: 'q' }),
      ['/promotions/0/effects/0/promotion unknown_promotion'],
    ],
    [
      'a code of a promotion without',
      effect({ kind: 'next_code', promotion: 'p' }),
      ['/promotions/0/effects/0/promotion promotion_needs_no_code'],
    ],
    [
      'terms of points that are none',
      promotion({ limits: { total_points: 5 } }),
      ['warning /promotions/0/points gives_no_points'],
    ],
    [
      'R13: a gift against the law',
      effect({ kind: 'gift_line', sku: 'pack' }),
      ['/promotions/0/effects/0/sku gift_against_law'],
    ],
    [
      'R13: a promotion on tobacco',
      condition({ kind: 'line_match', products: { skus: ['cup', 'pack'] } }),
      ['warning /promotions/0/conditions/0/products/skus/1 restricted_by_law'],
    ],
    ['R1: another value of a point', { point_value: 1 }, ['/point_value point_value_fixed']],
  ])('R29: %s', (_what, document, expected) => {
    expect(problems(document as Record<string, unknown>)).toEqual(expected);
  });

  it('R29: a mistyped kind is answered with the nearest name, in both languages', () => {
    const validation = validateProgram({ format: 1, name: 'x', ...effect({ kind: 'percent_of' }) }, context);
    expect(validation.ok || validation.problems[0]?.message).toEqual({
      ru: 'Неизвестный вид «percent_of»; возможно, «percent_off»',
      en: 'Unknown kind “percent_of”; did you mean “percent_off”?',
    });
  });

  it('R29: messages of the schema are Russian in Russian', () => {
    const validation = validateProgram(
      { format: 1, name: 'x', earning: { default_rate: 5, receipt_ceiling: -1 } },
      context,
    );
    for (const { message } of validation.ok ? [] : validation.problems) {
      expect(message.ru).toMatch(/[а-я]/);
      expect(message.en).not.toMatch(/[а-я]/);
    }
    expect(validation.ok).toBe(false);
  });

  it('R29: everything absent has its default', () => {
    const validation = validateProgram({ format: 1, name: 'x' }, context);
    expect(validation).toMatchObject({
      ok: true,
      warnings: [],
      document: {
        point_value: 100,
        debts: { write_off_months: 12 },
        holds: { till_minutes: 15, order_days: 14, grace_hours: 24 },
      },
    });
  });

  it.each([
    [null],
    ['text'],
    [[]],
    [{}],
    [{ format: 1, name: 'x', promotions: [null, 'x', { conditions: 5, effects: {} }] }],
  ])('R29: rubbish %j is refused, not thrown at', (json) => {
    expect(validateProgram(json, context).ok).toBe(false);
  });
});
