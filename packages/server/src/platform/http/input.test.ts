import { code, externalId, minorUnits, pageQuery, pointsDelta, quantityThousandths, text } from '@kopilka/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputParser } from './input.ts';
import { compileReader } from './input-readers.ts';
import { HttpProblem } from './problems.ts';
import { strict } from './strict.ts';

interface Rule {
  code: string;
  all?: Rule[] | undefined;
}
const rule: z.ZodType<Rule> = z.object({
  code,
  all: z
    .array(z.lazy(() => rule))
    .max(3)
    .optional(),
});
const schema = z
  .object({
    id: externalId,
    lines: z
      .array(
        z.object({
          sku: text(40),
          quantity: quantityThousandths,
          sum: minorUnits,
          tags: z.array(z.string()).default([]),
        }),
      )
      .min(1)
      .max(5),
    shift: pointsDelta.nullable(),
    kind: z.enum(['sale', 'return']),
    paid: z.boolean().optional(),
    rule,
    payment: z.discriminatedUnion('by', [
      z.object({ by: z.literal('card'), rrn: z.string().length(4) }),
      z.object({ by: z.literal('cash'), change: minorUnits.optional() }),
    ]),
    contact: z.union([z.email(), z.object({ phone: z.string() })]).optional(),
    note: z.string().trim().toLowerCase().optional(),
    extra: z.record(z.string(), z.int()).optional(),
    anything: z.unknown(),
    nick: z.string().nullish(),
    page: z.int().default(1).optional(),
    sort: z.enum(['up', 'down']).optional().default('up'),
  })
  .refine((sale) => sale.kind === 'sale' || sale.shift !== null, {
    path: ['shift'],
    message: 'a return needs a shift',
  });

const sound = {
  id: 'чек-1',
  lines: [{ sku: 'мёд 🍯', quantity: 1000, sum: 9000 }],
  shift: -5,
  kind: 'sale',
  rule: { code: 'tier', all: [{ code: 'gold' }] },
  payment: { by: 'cash', change: 100 },
  note: ' Да ',
  extra: { a: 1 },
  anything: { deep: [1, null] },
};

type Path = readonly (string | number)[];

/** Every place in the sound request. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]))];
}

function withPart(value: unknown, path: Path, part: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === String(key) ? withPart(item, rest, part) : item));
  if (typeof value !== 'object' || value === null) return value;
  return { ...value, [key]: withPart((value as Record<string, unknown>)[key], rest, part) };
}

const oddities = [
  null,
  undefined,
  '',
  ' x ',
  0,
  -1,
  1.5,
  2 ** 53,
  true,
  [],
  {},
  { sku: 'a' },
  [[]],
  'sale',
  'return',
  'card',
];

describe('reading a request', () => {
  const checked = strict(schema);
  const read = compileReader(checked);
  const parse = inputParser('body', schema);
  const parsedBy = (value: unknown): { readonly data: unknown } | undefined => {
    try {
      return { data: parse.parse(value, 'en') };
    } catch (error) {
      if (error instanceof HttpProblem) return undefined;
      throw error;
    }
  };

  it('decodes what is sound as zod does', () => {
    expect(read(sound)).toEqual(checked.parse(sound));
    expect(parse.parse(sound, 'ru')).toMatchObject({
      lines: [{ quantity: 1000n, sum: 9000n, tags: [] }],
      shift: -5n,
      note: 'да',
    });
  });

  it('never accepts what zod does not, and never reads it otherwise', () => {
    const made = fc.record({
      path: fc.constantFrom(
        ...places(sound),
        ['contact'],
        ['paid'],
        ['nick'],
        ['page'],
        ['sort'],
        ['surprise'],
        ['lines', 0, 'surprise'],
        ['rule', 'all', 0, 'x'],
      ),
      part: fc.oneof(fc.constantFrom(...oddities), fc.jsonValue({ maxDepth: 2 }), fc.emailAddress(), fc.integer()),
      other: fc.constantFrom(...places(sound)),
      otherPart: fc.constantFrom(...oddities),
      isDouble: fc.boolean(),
    });
    fc.assert(
      fc.property(made, ({ path, part, other, otherPart, isDouble }) => {
        const once = withPart(sound, path, part);
        const value = isDouble ? withPart(once, other, otherPart) : once;
        const byZod = checked.safeParse(value);
        const byUs = parsedBy(value);
        expect(byUs).toEqual(byZod.success ? { data: byZod.data } : undefined);
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives each request its own defaults', () => {
    const listed = inputParser('body', z.object({ tags: z.array(z.string()).default([]) }));
    const first = listed.parse({}, 'ru') as { tags: string[] };
    first.tags.push('mine');
    expect(listed.parse({}, 'ru')).toEqual({ tags: [] });
  });

  it('keeps what a contract leaves open on purpose', () => {
    const open = inputParser('body', z.looseObject({ id: z.string() }));
    expect(open.parse({ id: 'a', more: 1 }, 'ru')).toEqual({ id: 'a', more: 1 });
  });

  it('reads queries, whose values are texts', () => {
    const query = inputParser('query', pageQuery);
    expect(query.parse({ limit: '20' }, 'ru')).toEqual({ limit: 20 });
    expect(() => query.parse({ limit: 'twenty' }, 'ru')).toThrow(HttpProblem);
  });

  it('points at the branch of a union that came closest', () => {
    const union = inputParser(
      'body',
      z.object({ who: z.union([z.object({ id: z.uuid() }), z.object({ phone: z.object({ number: z.string() }) })]) }),
    );
    const problem = (() => {
      try {
        return union.parse({ who: { phone: { number: 7 } } }, 'en');
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toMatchObject({ code: 'bad_request', more: { field: '/who/phone/number' } });
  });
});
