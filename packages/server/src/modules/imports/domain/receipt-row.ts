import { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { type Decimal, multiply, toScale } from './decimal.ts';
import type { ImportMapping } from './mapping.ts';
import type { RowProblem, RowReading } from './row-reader.ts';

/** One row of a receipts file, read. Quantities are thousandths, sums minor units; both are positive, `isReturn` says which way. */
export interface ReceiptRow {
  readonly receiptId: string;
  readonly isReturn: boolean;
  readonly at: Instant;
  readonly line: StagedReceiptLine;
}

/** As it is staged: a short JSON array, because there are millions. */
export type StagedReceiptLine = readonly [
  shop: string,
  sku: string | null,
  barcode: string | null,
  quantity: string,
  sum: string,
  tillDiscount: string,
  kind: 'goods' | 'delivery' | 'service' | 'gift_card' | null,
  redeemed: string,
  saleId: string | null,
];

const one: Decimal = { digits: 1n, scale: 0 };
const quantityScale = 3;
const quantityMax = 1_000_000_000n;
const sumMax = 9_007_199_254_740_991n;

type Values = Extract<RowReading, { kind: 'row' }>['values'];

export interface ReceiptRowContext {
  readonly mapping: ImportMapping;
  readonly onRounded: () => void;
}

export function receiptRow(
  reading: Extract<RowReading, { kind: 'row' }>,
  context: ReceiptRowContext,
): Outcome<ReceiptRow, RowProblem> {
  const { values } = reading;
  const quantity = toScale((values['quantity'] as Decimal | undefined) ?? one, quantityScale);
  if (quantity.rest !== 0n) return problem('too_many_decimals', 'quantity', 'a quantity has at most three decimals');
  const sum = lineSum(values, context);
  if (!sum.ok) return sum;
  const isNegative = quantity.units < 0n || sum.value < 0n;
  const isReturn = reading.isReturn ?? isNegative;
  const wrong = wrongFigures({ quantity: quantity.units, sum: sum.value, isNegative, isReturn });
  if (wrong !== null) return wrong;
  const at = values['at'];
  if (!(at instanceof Temporal.Instant)) return problem('value_missing', 'at', 'nothing is given');
  return done({
    receiptId: text(values, 'receipt_id') ?? '',
    isReturn,
    at,
    line: [
      text(values, 'shop') ?? '',
      text(values, 'sku'),
      text(values, 'barcode'),
      String(size(quantity.units)),
      String(size(sum.value)),
      whole(values, 'till_discount'),
      text(values, 'line_kind') as StagedReceiptLine[6],
      whole(values, 'redeemed_points'),
      text(values, 'sale_id'),
    ],
  });
}

function problem(code: string, field: string, detail: string): Outcome<never, RowProblem> {
  return refused({ code, field, detail });
}

/** The line as the file says it; else price × quantity, multiplied exactly before it is cut to the smallest unit. */
function lineSum(values: Values, { mapping, onRounded }: ReceiptRowContext): Outcome<bigint, RowProblem> {
  const sum = values['sum'];
  if (typeof sum === 'bigint') return done(sum);
  const price = values['price'] as Decimal | undefined;
  if (price === undefined) return problem('value_missing', 'sum', 'neither a sum nor a price is given');
  const quantity = (values['quantity'] as Decimal | undefined) ?? one;
  const { units, rest } = toScale(multiply(price, quantity), mapping.money_digits);
  if (rest === 0n) return done(units);
  if (mapping.rounding === 'refuse') {
    return problem('too_many_decimals', 'price', `price × quantity has more than ${mapping.money_digits} decimals`);
  }
  onRounded();
  return done(units);
}

interface Figures {
  readonly quantity: bigint;
  readonly sum: bigint;
  readonly isNegative: boolean;
  readonly isReturn: boolean;
}

/** Files write a return with a negative quantity, a negative sum, or both; under a rule of the mapping even with neither. */
function wrongFigures({ quantity, sum, isNegative, isReturn }: Figures): Outcome<never, RowProblem> | null {
  if (quantity === 0n) return problem('quantity_zero', 'quantity', 'the quantity is zero');
  if (isNegative && !isReturn) return problem('sale_negative', 'quantity', 'by the mapping a sale, but negative');
  if (size(quantity) > quantityMax) return problem('number_too_large', 'quantity', 'more than a million pieces');
  return size(sum) > sumMax ? problem('number_too_large', 'sum', 'the sum is too large') : null;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function text(values: Values, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

function whole(values: Values, name: string): string {
  const value = values[name];
  return typeof value === 'bigint' ? value.toString() : '0';
}
