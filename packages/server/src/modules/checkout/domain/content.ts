import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';

/** What a POS sent, in our words: the part that hold, confirm and quote share. Identities are normalised, so that a repeat is recognised. */
export interface SaleContent {
  readonly shopCode: string;
  readonly at: Instant | null;
  readonly member: MemberKey | null;
  readonly lines: readonly ContentLine[] | null;
  readonly promoCodes: readonly string[];
  readonly redeem: 'max' | Points;
}

export interface MemberKey {
  readonly kind: string;
  readonly value: string;
}

export interface ContentLine {
  readonly lineId: string;
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly quantity: bigint;
  readonly sum: bigint;
  readonly tillDiscount: bigint;
  readonly kind: 'goods' | 'delivery' | 'service' | 'gift_card' | null;
}

/**
 * The meaning of a request as one text, to be hashed: R20 compares meaning, not names, nor the time of sending, nor the order of keys. What is
 * left out and what has its default value are the same.
 */
export function meaningOf(
  operation: string,
  content: SaleContent,
  extra: Readonly<Record<string, unknown>> = {},
): string {
  const lines = content.lines?.map((line) => [
    line.lineId,
    line.sku,
    line.barcode,
    line.quantity,
    line.sum,
    line.tillDiscount,
    line.kind,
  ]);
  return canonical({
    operation,
    shop: content.shopCode,
    at: content.at?.toString(),
    member: content.member,
    lines: lines ?? null,
    codes: content.promoCodes,
    redeem: content.redeem,
    ...extra,
  });
}

/** JSON with sorted keys and without absent values; bigints as numbers in text. */
export function canonical(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object') {
    const parts = Object.entries(value)
      .filter(([, part]) => part !== undefined && part !== null && part !== false)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`);
    return `{${parts.join(',')}}`;
  }
  return JSON.stringify(value);
}
