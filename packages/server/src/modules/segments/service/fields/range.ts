import { z } from 'zod';
import type { Bind } from '#platform/member-fields.ts';

/** From … to …, both ends included, at least one of them given. */
export function rangeArgs(minimum = 0) {
  const bound = z.int().min(minimum).max(Number.MAX_SAFE_INTEGER);
  return z
    .strictObject({ at_least: bound.optional(), at_most: bound.optional() })
    .refine((range) => range.at_least !== undefined || range.at_most !== undefined, 'at_least or at_most is needed')
    .refine(
      (range) => (range.at_least ?? minimum) <= (range.at_most ?? Number.MAX_SAFE_INTEGER),
      'at_least is above at_most',
    );
}

export type Range = { readonly at_least?: number | undefined; readonly at_most?: number | undefined };

/** Nothing to compare (no purchase yet, no birthday) is outside of every range. */
export function isWithin(range: Range, value: bigint | null): boolean {
  if (value === null) return false;
  if (range.at_least !== undefined && value < BigInt(range.at_least)) return false;
  return range.at_most === undefined || value <= BigInt(range.at_most);
}

export function within(range: Range, value: string, bind: Bind): string {
  const parts = [`${value} is not null`];
  if (range.at_least !== undefined) parts.push(`${value} >= ${bind(range.at_least, 'bigint')}`);
  if (range.at_most !== undefined) parts.push(`${value} <= ${bind(range.at_most, 'bigint')}`);
  // Never null: `x is not null and null` is false already.
  return parts.join(' and ');
}

/** Whole local days from a column to now, in the member's zone. */
export function daysSinceSql(
  column: string,
  moment: { readonly now: unknown; readonly zone: string },
  bind: Bind,
): string {
  const zone = `coalesce(m.zone, ${bind(moment.zone, 'text')})`;
  const now = bind(moment.now, 'timestamptz');
  return `((${now} at time zone ${zone})::date - (${column} at time zone ${zone})::date)`;
}
