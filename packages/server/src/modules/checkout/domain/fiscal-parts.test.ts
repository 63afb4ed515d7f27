import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { fiscalParts } from './fiscal-parts.ts';

describe('fiscal parts', () => {
  it.each([
    // quantity, paid, parts as [quantity, price]
    [
      3_000n,
      1_000n,
      [
        [2_000n, 333n],
        [1_000n, 334n],
      ],
    ],
    [3_000n, 999n, [[3_000n, 333n]]],
    [1_000n, 777n, [[1_000n, 777n]]],
    [1_250n, 777n, [[1_000n, 777n]]],
    [
      5_000n,
      3n,
      [
        [2_000n, 0n],
        [3_000n, 1n],
      ],
    ],
  ] as const)('R2: %s thousandths for %s come as whole-kopeck prices', (quantity, paid, expected) => {
    const parts = fiscalParts(quantity, money(paid));
    expect(parts.map((part) => [part.quantity, part.price])).toEqual(expected);
    expect(parts.reduce((sum, part) => sum + part.sum, 0n)).toBe(paid);
  });
});
