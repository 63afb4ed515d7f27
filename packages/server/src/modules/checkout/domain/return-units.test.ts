import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantityBetween, undoneBetween, unitsOfQuantity, unitsOfSum, wholeUnits } from './return-units.ts';

describe('return units', () => {
  it('R22: any steps undo as much as one step to the same point', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 1_000_000n),
        fc.bigInt(1n, 10_000_000n),
        fc.bigInt(0n, 1_000_000n),
        fc.array(fc.bigInt(0n, 1_000_000n), { maxLength: 6 }),
        (quantity, paid, total, cuts) => {
          const line = { quantity, paid };
          const whole = wholeUnits(line);
          const stops = [...cuts.map((cut) => unitsOfQuantity(line, cut % (quantity + 1n))), whole].sort((a, b) =>
            a < b ? -1 : 1,
          );
          let before = 0n;
          let undone = 0n;
          for (const after of stops) {
            undone += undoneBetween(total, { before, after, whole });
            before = after;
          }
          expect(undone).toBe(total);
        },
      ),
    );
  });

  it('R2: after q of Q are returned floor(total × q / Q) is undone', () => {
    const line = { quantity: 3_000n, paid: 1_000n };
    const at = (pieces: bigint) => unitsOfQuantity(line, pieces * 1_000n);
    expect(
      [0n, 1n, 2n].map((n) => undoneBetween(100n, { before: at(n), after: at(n + 1n), whole: wholeUnits(line) })),
    ).toEqual([33n, 33n, 34n]);
  });

  it('a return by sum counts on the same scale as one by quantity', () => {
    const line = { quantity: 2_000n, paid: 500n };
    expect(unitsOfSum(line, 250n)).toBe(unitsOfQuantity(line, 1_000n));
    expect(quantityBetween(line, { before: 0n, after: unitsOfSum(line, 250n) ?? 0n })).toBe(1_000n);
    expect(unitsOfSum({ quantity: 2_000n, paid: 0n }, 1n)).toBeNull();
  });
});
