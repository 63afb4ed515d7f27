import fc from 'fast-check';
import { expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import { aMember, aProgram, center, noon } from '#test/program/quote-fixture.ts';
import { quote } from './domain/quote.ts';

/**
 * A second calculation, written from rules.md and not from the code: slow, plain, with fractions. It knows base rates, percent promotions,
 * paying with points and earning.
 */
interface Fraction {
  readonly up: bigint;
  readonly down: bigint;
}

const fraction = (up: bigint, down = 1n): Fraction => ({ up, down });
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.up * b.up, a.down * b.down);
const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.up * b.down + b.up * a.down, a.down * b.down);
const floor = (a: Fraction): bigint => a.up / a.down;
const nearest = (a: Fraction): bigint => (2n * a.up + a.down) / (2n * a.down);
const less = (a: Fraction, b: Fraction): boolean => a.up * b.down < b.up * a.down;
/** Percent with two decimals, as hundredths. */
const share = (hundredths: number): Fraction => fraction(BigInt(hundredths), 10_000n);

/** R2: one more to whoever has the largest remainder, until the amount is split; nobody over the cap. */
function split(amount: bigint, weights: readonly bigint[], caps: readonly bigint[]): bigint[] {
  const parts = weights.map(() => 0n);
  let left = amount;
  while (left > 0n) {
    const open = weights.map((_, index) => (parts[index] ?? 0n) < (caps[index] ?? 0n));
    if (!open.includes(true)) break;
    const heavy = weights.some((weight, index) => open[index] && weight > 0n);
    const of = weights.map((weight, index) => (open[index] ? (heavy ? weight : 1n) : 0n));
    const total = of.reduce((sum, weight) => sum + weight, 0n);
    const exact = of.map((weight) => fraction(left * weight, total));
    const whole = exact.map(floor);
    const over = left - whole.reduce((sum, part) => sum + part, 0n);
    const byRemainder = exact
      .map((part, index) => ({ index, rest: plus(part, fraction(-(whole[index] ?? 0n))) }))
      .sort((a, b) => (less(b.rest, a.rest) ? -1 : less(a.rest, b.rest) ? 1 : a.index - b.index));
    for (const { index } of byRemainder.slice(0, Number(over))) whole[index] = (whole[index] ?? 0n) + 1n;
    let given = 0n;
    for (const [index, part] of whole.entries()) {
      const room = (caps[index] ?? 0n) - (parts[index] ?? 0n);
      const taken = part < room ? part : room;
      parts[index] = (parts[index] ?? 0n) + taken;
      given += taken;
    }
    left -= given;
  }
  return parts;
}

interface Case {
  readonly sums: readonly number[];
  readonly discounts: readonly number[];
  readonly redeemRate: number;
  readonly tierRate: number;
  readonly rates: readonly {
    readonly sku: string;
    readonly rate: number;
    readonly combine: 'instead' | 'higher' | 'lower';
  }[];
  readonly asked: number;
  readonly balance: number;
}

function model(given: Case) {
  let prices = given.sums.map(BigInt);
  // Promotions by priority: each takes its percent of what is left, no piece under a kopeck.
  for (const percent of given.discounts) {
    prices = prices.map((price) => {
      const off = nearest(times(fraction(price), share(percent)));
      const room = price > 1n ? price - 1n : 0n;
      return price - (off < room ? off : room);
    });
  }
  // R14: the limit is rounded down once; a line gives whole points and keeps a kopeck.
  const limit = floor(
    prices
      .map((price) => times(times(fraction(price), share(given.redeemRate)), fraction(1n, 100n)))
      .reduce(plus, fraction(0n)),
  );
  const caps = prices.map((price) => (price > 1n && given.redeemRate > 0 ? (price - 1n) / 100n : 0n));
  const most = [limit, caps.reduce((sum, cap) => sum + cap, 0n), BigInt(given.asked), BigInt(given.balance)];
  const redeemed = most.reduce((least, one) => (one < least ? one : least));
  const parts = split(redeemed, prices, caps);
  const paid = prices.map((price, index) => price - (parts[index] ?? 0n) * 100n);
  // R15: each line's rate, summed exactly, rounded down once.
  const exact = paid.map((amount, index) => {
    const rule = given.rates.find(({ sku }) => sku === `s${index}`);
    const rate =
      rule === undefined || rule.combine === 'instead'
        ? (rule?.rate ?? given.tierRate)
        : rule.combine === 'higher'
          ? Math.max(rule.rate, given.tierRate)
          : Math.min(rule.rate, given.tierRate);
    return times(times(fraction(amount), share(rate)), fraction(1n, 100n));
  });
  return { paid, parts, earned: floor(exact.reduce(plus, fraction(0n))) };
}

function real(given: Case) {
  const percent = (hundredths: number): string => `${hundredths / 100}`;
  const program = aProgram({
    tiers: {
      list: [
        {
          code: 'base',
          name: { ru: 'б', en: 'b' },
          rank: 0,
          earn_rate: percent(given.tierRate),
          redeem_rate: percent(given.redeemRate),
        },
      ],
    },
    earning: {
      rates: given.rates.map(({ sku, rate, combine }) => ({
        code: sku,
        rate: percent(rate),
        combine,
        match: { products: { skus: [sku] } },
      })),
    },
    promotions: given.discounts.map((discount, index) => ({
      code: `p${index}`,
      name: 'p',
      priority: -index,
      effects: [{ kind: 'percent_off', percent: percent(discount) }],
    })) as never,
  });
  const lines = given.sums.map((sum, index) => ({
    lineId: `${index}`,
    sku: `s${index}`,
    product: null,
    quantity: 1000n,
    shelfSum: money(sum),
    tillDiscount: money(0),
    kind: 'goods' as const,
  }));
  const answer = quote(program, {
    cart: { shop: center, at: noon, lines, promoCodes: [], redeem: { kind: 'points', points: points(given.asked) } },
    member: aMember({ tierCode: 'base', lots: [{ lotId: 'l', spendable: points(given.balance), restriction: null }] }),
    budgets: new Map(),
    exhausted: new Set(),
  });
  return {
    paid: answer.lines.map((line) => line.paid),
    parts: answer.lines.map((line) => line.redeemedPoints),
    earned: answer.totals.earnedPoints,
  };
}

const percentage = fc.integer({ min: 0, max: 10_000 });
const cases: fc.Arbitrary<Case> = fc.record({
  sums: fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 1_000_000 })), {
    minLength: 1,
    maxLength: 6,
  }),
  discounts: fc.array(percentage, { maxLength: 3 }),
  redeemRate: percentage,
  tierRate: percentage,
  rates: fc.uniqueArray(
    fc.record({
      sku: fc.constantFrom('s0', 's1', 's2'),
      rate: percentage,
      combine: fc.constantFrom('instead', 'higher', 'lower'),
    }),
    { selector: ({ sku }) => sku, maxLength: 3 },
  ),
  asked: fc.integer({ min: 0, max: 20_000 }),
  balance: fc.integer({ min: 1, max: 20_000 }),
});

it('R12, R14, R15: the quote agrees with a calculation written from the rules alone', () => {
  fc.assert(
    fc.property(cases, (given) => {
      expect(real(given)).toEqual(model(given));
    }),
    { numRuns: Number(process.env['QUOTE_RUNS'] ?? 400) },
  );
});
