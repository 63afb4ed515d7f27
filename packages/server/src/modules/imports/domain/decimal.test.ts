import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply, readDecimal, toScale } from './decimal.ts';

describe('R1: sums are read without a float', () => {
  it.each([
    ['2.55', '.', 255n],
    ['-3', '.', -300n],
    ['1,234.5', '.', 123_450n],
    ['1 234,50', ',', 123_450n],
    ['1.234,50', ',', 123_450n],
    ['1\u00a0299,00', ',', 129_900n],
    ['.5', '.', 50n],
    ['1e-05', '.', 0n],
    ['2.5E2', '.', 25_000n],
    ['−7', '.', -700n],
    ['90071992547409.91', '.', 9_007_199_254_740_991n],
  ] as const)('%s with %s is %s hundredths', (text, mark, hundredths) => {
    const value = readDecimal(text, mark);
    expect(value && toScale(value, 2).units).toBe(hundredths);
  });

  it.each(['', '-', 'abc', '1.2.3', '12 руб', '0x10', '1e999', 'NaN', 'Infinity'])('%s is no number', (text) => {
    expect(readDecimal(text, '.')).toBeNull();
  });

  it('what does not fit is told, and rounded half away from zero', () => {
    const read = (text: string) => toScale(readDecimal(text, '.') ?? { digits: 0n, scale: 0 }, 2);
    expect(read('0.005')).toEqual({ units: 1n, rest: -5n });
    expect(read('-0.005')).toEqual({ units: -1n, rest: 5n });
    expect(read('0.0049')).toEqual({ units: 0n, rest: 49n });
    expect(read('2.50')).toEqual({ units: 250n, rest: 0n });
  });

  it('price × quantity is exact for any two decimals', () => {
    const decimal = fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 999 }));
    fc.assert(
      fc.property(decimal, decimal, ([a, b], [c, d]) => {
        const text = (whole: number, part: number) => `${whole}.${String(part).padStart(3, '0')}`;
        const first = readDecimal(text(a, b), '.');
        const second = readDecimal(text(c, d), '.');
        const exact = (BigInt(a) * 1_000n + BigInt(b)) * (BigInt(c) * 1_000n + BigInt(d));
        expect(first && second && toScale(multiply(first, second), 6)).toEqual({ units: exact, rest: 0n });
      }),
    );
  });
});
