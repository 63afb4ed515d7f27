import type { Rate } from '#kernel/rate.ts';
import type { WorkLine } from './worksheet.ts';

/**
 * Exact points before rounding: numerators over `unit` (R15). `unit` has a factor of 100 for every multiplication to come, so that "times 1.5
 * of all so far" stays exact.
 */
export interface EarningSheet {
  readonly unit: bigint;
  /** Turns money × rate into a numerator. */
  readonly scale: bigint;
  readonly multiply: 'base' | 'all';
  readonly lines: readonly EarningLine[];
  readonly rows: EarningRow[];
}

export interface EarningLine {
  readonly line: WorkLine;
  /** What points come on. */
  readonly money: bigint;
  readonly rate: Rate;
  /** The base, a promotion's rate in its place included. */
  base: bigint;
  replaced: boolean;
  total: bigint;
}

/** What one rule gives, by line. */
export interface EarningRow {
  /** −1 is the base rate, else a promotion's index. */
  readonly rule: number;
  /** A gain of the whole receipt (R22). */
  readonly wholeReceipt: boolean;
  readonly amounts: bigint[];
}

export function rowOf(sheet: EarningSheet, rule: number, wholeReceipt: boolean): EarningRow {
  const found = sheet.rows.find((row) => row.rule === rule && row.wholeReceipt === wholeReceipt);
  if (found) return found;
  const row = { rule, wholeReceipt, amounts: sheet.lines.map(() => 0n) };
  sheet.rows.push(row);
  return row;
}

export function addToRow(sheet: EarningSheet, row: EarningRow, index: number, amount: bigint): void {
  const line = sheet.lines[index];
  if (!line || amount === 0n) return;
  row.amounts[index] = (row.amounts[index] ?? 0n) + amount;
  line.total += amount;
}
