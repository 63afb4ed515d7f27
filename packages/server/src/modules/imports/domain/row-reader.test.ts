import { describe, expect, it } from 'vitest';
import { columnsOf } from './cells.ts';
import { type MappingInput, readMapping } from './mapping.ts';
import { receiptRow } from './receipt-row.ts';
import { rowReader } from './row-reader.ts';

const header = ['Invoice', 'Sku', 'Qty', 'At', 'Price', 'Member'];

const base: MappingInput = {
  kind: 'receipts',
  external_system: 'old',
  fields: {
    receipt_id: 'invoice',
    at: 'AT',
    shop: { constant: 'main' },
    external_id: { column: 6, transforms: ['drop_decimal_zero', { prefix: 'M' }] },
    sku: 'Sku',
    quantity: 'Qty',
    price: 'Price',
  },
  skip: [
    { column: 'Sku', in: ['POST'], reason: 'service' },
    { column: 'Price', at_most: '0' },
  ],
};

function lineOf(cells: readonly string[], more: Partial<MappingInput> = {}): unknown {
  const mapping = readMapping({ ...base, ...more });
  if (!mapping.ok) throw new Error(mapping.refusal.details.problems.join());
  const context = { mapping: mapping.value, zone: 'UTC', onRounded: () => undefined };
  const reader = rowReader(mapping.value, columnsOf(mapping.value.format, header), context);
  if (!reader.ok) return reader.refusal;
  const reading = reader.value({ rowNo: 2, cells });
  if (reading.kind !== 'row') return reading.kind === 'skipped' ? reading.reason : reading.problem.code;
  const row = receiptRow(reading, context);
  return row.ok ? [row.value.isReturn, ...row.value.line.slice(1, 5)] : row.refusal.code;
}

describe('a row of a receipt', () => {
  it.each([
    [
      ['1', 'A', '6', '2010-12-01 08:26', '2.55', '17850.0'],
      [false, 'A', null, '6000', '1530'],
    ],
    [
      ['1', 'A', '-2', '2010-12-01 08:26', '2.55', ''],
      [true, 'A', null, '2000', '510'],
    ],
    [
      ['1', 'A', '0.345', '2010-12-01 08:26', '100', ''],
      [false, 'A', null, '345', '3450'],
    ],
    [['1', 'POST', '1', '2010-12-01 08:26', '2.55', ''], 'service'],
    [['1', 'A', '1', '2010-12-01 08:26', '0.00', ''], 'Price is left out'],
    [['', 'A', '1', '2010-12-01 08:26', '2.55', ''], 'value_missing'],
    [['1', 'A', '0', '2010-12-01 08:26', '2.55', ''], 'quantity_zero'],
    [['1', 'A', '0.0001', '2010-12-01 08:26', '2.55', ''], 'too_many_decimals'],
    [['1', 'A', '1', '2010-12-01 08:26', '2.555', ''], 'too_many_decimals'],
    [['1', 'A', 'x', '2010-12-01 08:26', '2.55', ''], 'not_a_number'],
    [['1', 'A', '9999999', '2010-12-01 08:26', '2.55', ''], 'number_too_large'],
    [['1', 'A', '1', '01.12.2010', '2.55', ''], 'time_unreadable'],
    [['1'], 'value_missing'],
  ])('%j', (cells, expected) => {
    expect(lineOf(cells)).toEqual(expected);
  });

  it('rounds when the mapping says so', () => {
    expect(lineOf(['1', 'A', '1', '2010-12-01', '2.555', ''], { rounding: 'half_up' })).toEqual([
      false,
      'A',
      null,
      '1000',
      '256',
    ]);
  });

  it('a rule says which rows are returns, whatever their sign; under it a negative sale is a problem', () => {
    const returns = { column: 'Invoice', starts_with: 'C' };
    expect(lineOf(['C1', 'A', '2', '2010-12-01', '1', ''], { returns })).toEqual([true, 'A', null, '2000', '200']);
    expect(lineOf(['1', 'A', '-2', '2010-12-01', '1', ''], { returns })).toBe('sale_negative');
  });

  it('a column that the file does not have is told with those it has', () => {
    expect(lineOf([], { fields: { ...base.fields, sku: 'Article' } })).toMatchObject({
      code: 'column_missing',
      details: { column: 'Article', columns: header },
    });
  });
});
