import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench } from '#test/ledger/bench.ts';

/*
 * Goal: the ledger's decisions do what rules.md says, whatever happens in which order. Method: a second ledger, written from the rules alone and as
 * plainly as possible: every point is a coin with a life of its own, time goes by hour by hour, and nothing is ever summed up in advance. After each
 * random operation every lot of the real account has as many points as there are coins, and the entries add up to them.
 */

const amount = fc.integer({ min: 1, max: 6 });
const which = fc.nat({ max: 4 });
const hours = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 700, max: 760 }) },
);
const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pass' as const), hours }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('buy' as const),
      points: amount,
      delay: fc.constantFrom(0, 0, 3, 24),
      term: fc.constantFrom(null, 5, 30, 60),
      inactivity: fc.boolean(),
      bounds: fc.constantFrom(0, 0, 1),
      pays: fc.constantFrom(true, true, false),
      late: fc.constantFrom(0, 0, 0, 20, 60, 150, 300),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('redeem' as const), points: amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      points: amount,
      hours: fc.integer({ min: 1, max: 50 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      which,
      points: amount,
      hours: fc.integer({ min: 1, max: 50 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ship' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('confirm' as const), which, points: amount }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('return earned' as const), which, points: amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('return spent' as const), which }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

function run(bench: Bench, step: Operation): void {
  switch (step.kind) {
    case 'pass':
      return bench.pass(step.hours);
    case 'buy':
      return bench.buy(step);
    case 'redeem':
      return bench.redeem(step.points);
    case 'hold':
      return bench.setAside(step.points, step.hours);
    case 'edit':
      return bench.edit(step.which, step.points, step.hours);
    case 'cancel':
      return bench.cancel(step.which);
    case 'ship':
      return bench.ship(step.which);
    case 'confirm':
      return bench.confirm(step.which, step.points);
    case 'return earned':
      return bench.returnEarned(step.which, step.points);
    case 'return spent':
      return bench.returnSpent(step.which);
  }
}

describe('R5 R6 R7 R8 R9 R10 R11 R18 R21 R22: the ledger against coins', () => {
  it.each([
    { others: true, writesOff: true },
    { others: false, writesOff: false },
  ])(
    'does with lots what the rules do with single points: %o',
    (settings) => {
      const checked = fc.check(
        fc.property(fc.array(operation, { minLength: 1, maxLength: 40, size: 'max' }), (operations) => {
          const bench = new Bench(settings);
          for (const step of operations) run(bench, step);
        }),
        { numRuns: Number(process.env['LEDGER_RUNS'] ?? 300) },
      );
      expect(fc.defaultReportMessage(checked) ?? 'holds').toBe('holds');
    },
    60_000,
  );
});
