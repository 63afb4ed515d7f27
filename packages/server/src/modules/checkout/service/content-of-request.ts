import type { confirmRequest, holdRequest, memberReference, quoteRequest } from '@kopilka/contract/checkout';
import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import { points } from '#kernel/points.ts';
import type { ContentLine, MemberKey, SaleContent } from '../domain/content.ts';

type Request = z.output<typeof quoteRequest> | z.output<typeof holdRequest> | z.output<typeof confirmRequest>;
type RequestLine = NonNullable<Request['lines']>[number];

/** The wire's cart in our words. Lines without a number get their place: 1, 2 … */
export function contentOf(request: Request): SaleContent {
  return {
    shopCode: request.shop,
    at: request.at === undefined ? null : Temporal.Instant.from(request.at),
    member: request.member ? memberKeyOf(request.member) : null,
    lines: request.lines?.map(lineOf) ?? null,
    promoCodes: request.promo_codes ?? [],
    redeem: request.redeem === 'max' ? 'max' : points(request.redeem ?? 0n),
  };
}

export function memberKeyOf(reference: z.output<typeof memberReference>): MemberKey {
  if (reference.identity) return reference.identity;
  const found = (['member_id', 'phone', 'card', 'email'] as const).find((kind) => reference[kind] !== undefined);
  return { kind: found ?? 'member_id', value: (found && reference[found]) ?? '' };
}

function lineOf(line: RequestLine, index: number): ContentLine {
  return {
    lineId: line.line_id ?? String(index + 1),
    sku: line.sku ?? null,
    barcode: line.barcode ?? null,
    quantity: line.quantity,
    sum: line.sum,
    tillDiscount: line.till_discount ?? 0n,
    kind: line.kind ?? null,
  };
}
