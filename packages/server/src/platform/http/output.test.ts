import { instantText, minorUnits, page, pointsDelta, text } from '@kopilka/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerWriter } from './output.ts';

const step = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tier'), points: pointsDelta }),
  z.object({ kind: z.literal('promotion'), id: z.uuid(), names: z.array(z.string()).max(3) }),
]);
interface Category {
  name: string;
  inside?: Category[] | undefined;
}
const category: z.ZodType<Category> = z.object({
  name: z.string(),
  inside: z.array(z.lazy(() => category)).optional(),
});
const answer = page(
  z.object({
    sku: text(40, 0),
    sum: minorUnits,
    at: instantText.nullable(),
    share: z.number().optional(),
    known: z.boolean(),
    steps: z.array(step),
    either: z.union([z.int(), z.string()]),
    extra: z.record(z.string(), z.unknown()),
    category,
    state: z.enum(['held', 'confirmed']),
  }),
);

type Wire = z.output<typeof answer>;
type Item = Wire['items'][number];

const clean = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((made) => !/[\u0000-\u001f\u007f]/.test(made));
const bigints = (min: bigint) => fc.bigInt({ min, max: BigInt(Number.MAX_SAFE_INTEGER) });
const categories: fc.Arbitrary<Category> = fc.letrec<{ category: Category }>((tie) => ({
  category: fc.record(
    { name: fc.string(), inside: fc.array(tie('category'), { maxLength: 2 }) },
    { requiredKeys: ['name'] },
  ),
})).category;
const items = fc.record(
  {
    sku: clean,
    sum: bigints(0n),
    at: fc.constantFrom('2026-03-01T10:00:00Z', '2026-03-01T10:00:00.123+03:00', null),
    share: fc.double({ noNaN: true, noDefaultInfinity: true }),
    known: fc.boolean(),
    steps: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('tier' as const), points: bigints(-BigInt(Number.MAX_SAFE_INTEGER)) }),
        fc.record({
          kind: fc.constant('promotion' as const),
          id: fc.uuid({ version: 7 }),
          names: fc.array(fc.string(), { maxLength: 3 }),
        }),
      ),
      { maxLength: 3 },
    ),
    either: fc.oneof(fc.integer(), fc.string()),
    extra: fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.jsonValue(),
      { maxKeys: 3 },
    ),
    category: categories,
    state: fc.constantFrom('held' as const, 'confirmed' as const),
  },
  { requiredKeys: ['sku', 'sum', 'at', 'known', 'steps', 'either', 'extra', 'category', 'state'] },
);

const sound = {
  sku: 'milk',
  sum: 100n,
  at: null,
  known: true,
  steps: [],
  either: 1,
  extra: {},
  category: { name: 'food' },
  state: 'held',
};

describe('the writer of answers', () => {
  const write = answerWriter(answer);

  it('writes what zod would', () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 4 }), fc.option(fc.string()), (made, cursor) => {
        const value = { items: made, next_cursor: cursor } as unknown as Wire;
        expect(JSON.parse(write(value))).toEqual(JSON.parse(JSON.stringify(z.encode(answer, value))));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps inside what the contract does not name', () => {
    const json = write({ items: [{ ...sound, secretPhone: '+79161234567' }], next_cursor: null });
    expect(json).toContain('"sku":"milk"');
    expect(json).not.toContain('secretPhone');
  });

  it.each<[string, Partial<Record<keyof Item, unknown>>]>([
    ['a number for money', { sum: 100 }],
    ['money below zero', { sum: -1n }],
    ['money beyond what JSON keeps exact', { sum: 9007199254740992n }],
    ['a missing key', { known: undefined }],
    ['null where there may be none', { sku: null }],
    ['a text too long', { sku: 'x'.repeat(41) }],
    ['NUL in a text', { sku: '\u0000' }],
    ['half a surrogate', { sku: '\ud800' }],
    ['no time', { at: 'yesterday' }],
    ['not a number', { share: Number.NaN }],
    ['an unknown word', { state: 'lost' }],
    ['an unknown branch', { steps: [{ kind: 'magic' }] }],
    ['a branch with a wrong id', { steps: [{ kind: 'promotion', id: '7', names: [] }] }],
    [
      'a list too long',
      { steps: [{ kind: 'promotion', id: '0190a6e0-0000-7000-8000-000000000000', names: ['', '', '', ''] }] },
    ],
    ['neither of two', { either: true }],
    ['something wrong far inside', { category: { name: 'a', inside: [{ name: 'b', inside: [{ name: 7 }] }] } }],
  ])('refuses %s', (_what, part) => {
    expect(() => write({ items: [{ ...sound, ...part }], next_cursor: null })).toThrow(z.core.$ZodError);
  });
});
