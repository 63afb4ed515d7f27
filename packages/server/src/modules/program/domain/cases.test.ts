import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Asked, aLine, aLot, aProgram, noon, quoteOf, rubles } from '#test/program/quote-fixture.ts';
import { russia } from './legal/russia.ts';
import { validateProgram } from './validate.ts';

/** The program part of the five cases can be said in a document (cases.md). The playbooks themselves are in the playbooks module. */
const name = (text: string) => ({ ru: text, en: text });
const paid = (from: number) => ({ all: [{ figure: 'money_paid', at_least: from * 100 }] });
const tier = (code: string, rank: number, rates: { earn: string; redeem?: string }, conditions: unknown = null) => ({
  code,
  name: name(code),
  rank,
  earn_rate: rates.earn,
  ...(rates.redeem === undefined ? {} : { redeem_rate: rates.redeem }),
  conditions,
});

const documents: Readonly<Record<string, Record<string, unknown>>> = {
  A: {
    tiers: { list: [tier('start', 0, { earn: '3' }), tier('silver', 1, { earn: '5' }, paid(15_000))] },
    earning: { delay: { hours: 24 }, term: { kind: 'inactivity', days: 365 } },
    redeeming: { rate: '30' },
    promotions: [
      {
        code: 'birthday',
        name: 'ДР',
        needs_code: true,
        effects: [{ kind: 'percent_off', percent: '15' }],
        limits: { per_member: 1 },
      },
      { code: 'twelve', name: '12 %', needs_code: true, effects: [{ kind: 'percent_off', percent: '12' }] },
      {
        code: 'next-12',
        name: 'Промокод',
        conditions: [{ kind: 'receipt_sum', from: 6000_00, below: 10_000_00 }],
        effects: [{ kind: 'next_code', promotion: 'twelve', days: 30 }],
      },
      {
        code: 'big',
        name: '3000',
        conditions: [{ kind: 'receipt_sum', from: 10_000_00 }],
        effects: [{ kind: 'earn_fixed', points: 3000 }],
        points: { term: { kind: 'days', days: 30 } },
      },
    ],
  },
  B: {
    tiers: {
      list: [
        tier('one', 0, { earn: '10' }),
        tier(
          'two',
          1,
          { earn: '10' },
          {
            any: [
              { figure: 'receipts', at_least: 1 },
              { figure: 'money_paid', at_least: 5000_00 },
            ],
          },
        ),
        tier(
          'three',
          2,
          { earn: '12' },
          {
            all: [
              { figure: 'receipts', at_least: 5 },
              { figure: 'reviews', at_least: 1 },
            ],
          },
        ),
        { ...tier('four', 3, { earn: '15' }), by_hand_only: true },
      ],
    },
    redeeming: { rate: '100' },
  },
  C: {
    tiers: {
      list: [
        tier('reader', 0, { earn: '5' }),
        tier('fan', 1, { earn: '10' }, paid(5000)),
        tier('friend', 2, { earn: '15' }, paid(20_000)),
      ],
    },
    redeeming: { rate: '30', base: 'after_discounts' },
    promotions: [
      {
        code: 'january',
        name: '20 %',
        from: '2026-01-08',
        until: '2026-01-21',
        effects: [{ kind: 'earn_replace', rate: '20' }],
      },
      {
        code: 'half',
        name: '50 %',
        from: '2026-02-01',
        until: '2026-02-14',
        effects: [{ kind: 'redeem_limit', rate: '50' }],
      },
    ],
  },
  D: {
    tiers: {
      list: [tier('guest', 0, { earn: '2', redeem: '20' }), tier('own', 1, { earn: '7', redeem: '50' }, paid(30_000))],
    },
    segments: [{ code: 'newcomers', name: 'Новые', rule: { field: 'receipts', at_most: 0 } }],
    promotions: [
      {
        code: 'double-first',
        name: 'Первая ×2',
        conditions: [
          { kind: 'segment', segment: 'newcomers' },
          { kind: 'nth_purchase', nth: 1 },
        ],
        effects: [{ kind: 'earn_multiply', times: '2' }],
      },
      {
        code: 'double-10',
        name: '×2 на 10 дней',
        needs_window: true,
        effects: [{ kind: 'earn_multiply', times: '2' }],
      },
      {
        code: 'mailing-15',
        name: '15 % получателям',
        needs_window: true,
        effects: [{ kind: 'percent_off', percent: '15' }],
      },
    ],
  },
  E: {
    earning: { default_rate: '3' },
    redeeming: { rate: '50' },
    promotions: [
      {
        code: 'welcome-500',
        name: '500 ₽',
        needs_code: true,
        effects: [{ kind: 'fixed_off', amount: 500_00 }],
        limits: { per_member: 1 },
      },
    ],
  },
};

function caseOf(letter: string) {
  return aProgram(documents[letter]);
}

describe('the five programs', () => {
  it.each(Object.keys(documents))('R29: program %s is a valid document without a warning', (letter) => {
    const validation = validateProgram(
      { format: 1, name: letter, ...documents[letter] },
      { legalProfile: russia, segmentsCheck: () => [] },
    );
    expect(validation).toMatchObject({ ok: true, warnings: [] });
  });

  it('R15: A: 24 hours of delay, a year without purchases, 30 % of a receipt, rewards for large receipts', () => {
    const asked: Asked = {
      lines: [aLine(20_000)],
      member: { tierCode: 'silver', lots: [aLot(50_000)] },
      redeem: 'max',
    };
    const answer = quoteOf(caseOf('A'), asked);
    expect(answer.totals).toMatchObject({ redeemedPoints: 6000n, paid: rubles(14_000) });
    expect(answer.earnings).toMatchObject([
      { rule: 'base', points: 700n, inactivityDays: 365 },
      { rule: 'big', points: 3000n, inactivityDays: null, wholeReceipt: true },
    ]);
    expect(String(answer.earnings[0]?.startsAt)).toBe(String(noon.add({ hours: 24 })));
    expect(quoteOf(caseOf('A'), { lines: [aLine(9999)], member: { tierCode: 'start' } }).nextCodes).toEqual([
      { fromPromotion: 'next-12', promotionCode: 'twelve', days: 30 },
    ]);
  });

  it('R14: B: points pay up to 100 % on the own site, but for a kopeck', () => {
    const answer = quoteOf(caseOf('B'), {
      lines: [aLine(1000.01)],
      member: { tierCode: 'two', lots: [aLot(5000)] },
      redeem: 'max',
      shop: { channel: 'site' },
    });
    expect(answer.totals.paid).toBe(rubles(0.01));
  });

  it.each([
    ['2026-01-21T20:59:59Z', 'reader', 200],
    ['2026-01-21T21:00:00Z', 'reader', 50],
    ['2026-01-10T09:00:00Z', 'friend', 200],
    ['2026-03-01T09:00:00Z', 'friend', 150],
  ])("R15: C: at %s a %s earns %s on 1,000 ₽: January's rate is in place of the tier's", (at, tierCode, points) => {
    expect(quoteOf(caseOf('C'), { at, member: { tierCode } }).totals.earnedPoints).toBe(BigInt(points));
  });

  it('R14: C: 50 % in place of 30 % for a period, on a book that is discounted already', () => {
    const asked: Asked = {
      lines: [aLine(1000, { tillDiscount: rubles(200) })],
      member: { tierCode: 'reader', lots: [aLot(5000)] },
      redeem: 'max',
    };
    expect(quoteOf(caseOf('C'), { ...asked, at: '2026-02-14T20:59:59Z' }).totals.redeemedPoints).toBe(400n);
    expect(quoteOf(caseOf('C'), { ...asked, at: '2026-02-14T21:00:00Z' }).totals.redeemedPoints).toBe(240n);
  });

  it('R13: D: rates and limits by tier, double points and 15 % for named members, tobacco untouched', () => {
    const lines = [aLine(1000, { sku: 'bowl' }), aLine(1000, { sku: 'tobacco', product: { legalClass: 'tobacco' } })];
    const window = (promotionCode: string) => ({
      windowId: promotionCode,
      promotionCode,
      from: noon,
      until: noon.add({ hours: 240 }),
      usesLeft: null,
    });
    const member = {
      tierCode: 'own',
      receiptsCount: 2,
      lots: [aLot(5000)],
      windows: [window('double-10'), window('mailing-15')],
    };
    const answer = quoteOf(caseOf('D'), { lines, member, redeem: 'max' });
    expect(answer.lines[0]).toMatchObject({ redeemedPoints: 425n, paid: rubles(425), earnedPoints: 59n });
    expect(answer.lines[1]).toMatchObject({ paid: rubles(1000), earnedPoints: 0n, redeemedPoints: 0n, discounts: [] });
    const first = quoteOf(caseOf('D'), { lines, member: { tierCode: 'guest', segments: new Set(['newcomers']) } });
    expect(first.totals.earnedPoints).toBe(40n);
    expect(quoteOf(caseOf('D'), { lines, member: { tierCode: 'own' } }).totals.earnedPoints).toBe(70n);
    expect(
      quoteOf(caseOf('D'), { lines, member, at: String(Temporal.Instant.from('2026-03-11T09:00:00Z')) }).uses,
    ).toEqual([]);
  });

  it('R26: E: a code for 500 rubles, once', () => {
    const codes: Asked['codes'] = [{ text: 'HELLO', state: 'usable', promotionCode: 'welcome-500', promoCodeId: 'c' }];
    expect(quoteOf(caseOf('E'), { codes }).totals.paid).toBe(rubles(500));
    const again = quoteOf(caseOf('E'), {
      codes,
      member: { uses: new Map([['welcome-500', { uses: 1, usesToday: 0 }]]) },
    });
    expect(again.totals.paid).toBe(rubles(1000));
  });
});
