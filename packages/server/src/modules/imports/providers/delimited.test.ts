import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimitedText } from './delimited.ts';

function records(text: string, pieces: readonly number[] = [], delimiter = ','): string[][] {
  const reader = new DelimitedText(delimiter);
  const found: string[][] = [];
  let from = 0;
  for (const size of pieces) {
    found.push(...reader.push(text.slice(from, from + size)));
    from += size;
  }
  return [...found, ...reader.push(text.slice(from)), ...reader.end()];
}

describe('delimited text', () => {
  it.each([
    [
      'a,b\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '"a,1","b\n2","say ""hi"""\nx,,\n',
      [
        ['a,1', 'b\n2', 'say "hi"'],
        ['x', '', ''],
      ],
    ],
    ['"a"\r\n', [['a']]],
    ['', []],
  ])('%j', (text, expected) => {
    expect(records(text)).toEqual(expected);
  });

  it('a quote that is not closed is told', () => {
    expect(() => records('a,"b\nc')).toThrow('inside a quote');
  });

  it('however the text is cut into pieces, it reads as csv-parse does', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'ж'), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 });
    fc.assert(
      fc.property(table, pieces, (rows, cuts) => {
        const text = `${rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n')}\n`;
        const expected = parse(text, { relax_column_count: true });
        expect(records(text, cuts)).toEqual(expected);
      }),
    );
  });
});
