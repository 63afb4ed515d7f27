import { money } from '#kernel/money.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import type { CatalogSnapshot, ShopView } from '#modules/catalog/index.ts';
import { readIdentity } from '#modules/members/index.ts';
import type { CartLine } from '#modules/program/index.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { ContentLine, MemberKey, SaleContent } from '../domain/content.ts';
import type { CheckoutDeps } from './deps.ts';

/** A request's cart, understood: the shop and products found, identities in their one spelling. */
export interface ReadSale {
  readonly content: SaleContent;
  readonly shop: ShopView;
  readonly at: Instant;
  readonly lines: readonly CartLine[] | null;
  readonly member: MemberKey | null;
  /** The catalog of this moment, for gifts that a promotion adds (R16). Absent: what was sold stands, nothing is added. */
  readonly productOf?: CatalogSnapshot['productBySku'];
}

export interface ShopRefusal {
  readonly code: 'shop_unknown' | 'shop_not_allowed';
  readonly field: string;
}

export interface IdentityRefusal {
  readonly code: 'identity_invalid';
  readonly field: string;
  readonly details: Readonly<Record<string, string>>;
}

export type ReadRefusal =
  | ShopRefusal
  | IdentityRefusal
  | { readonly code: 'line_id_repeated' | 'discount_exceeds_sum'; readonly field: string };

export function readSale(
  deps: CheckoutDeps,
  content: SaleContent,
  caller: Caller,
  now: Instant,
): Outcome<ReadSale, ReadRefusal> {
  const catalog = deps.catalog.snapshot();
  const shop = findShop(catalog, content.shopCode, caller);
  if (!shop.ok) return shop;
  const member = readMemberKey(deps, content.member);
  if (!member.ok) return member;
  const lines = content.lines === null ? done(null) : readLines(catalog, content.lines);
  if (!lines.ok) return lines;
  // What the digest is made of is the spelling that finds the member (R20 compares meaning).
  return done({
    content: { ...content, member: member.value },
    shop: shop.value,
    at: content.at ?? now,
    lines: lines.value,
    member: member.value,
    productOf: (sku) => catalog.productBySku(sku),
  });
}

export function findShop(catalog: CatalogSnapshot, code: string, caller: Caller): Outcome<ShopView, ShopRefusal> {
  const shop = catalog.shopByCode(code);
  if (shop === null) return refused({ code: 'shop_unknown', field: '/shop' });
  if (caller.shopIds !== null && !caller.shopIds.has(shop.shopId))
    return refused({ code: 'shop_not_allowed', field: '/shop' });
  return done(shop);
}

export function readMemberKey(deps: CheckoutDeps, key: MemberKey | null): Outcome<MemberKey | null, IdentityRefusal> {
  if (key === null || key.kind === 'member_id') return done(key);
  const reading = readIdentity(key.kind, key.value, deps.identityRules);
  if (!reading.ok)
    return refused({ code: 'identity_invalid', field: `/member/${key.kind}`, details: { problem: reading.problem } });
  return done({ kind: reading.identity.kind, value: reading.identity.value });
}

function readLines(catalog: CatalogSnapshot, lines: readonly ContentLine[]): Outcome<CartLine[], ReadRefusal> {
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (seen.has(line.lineId)) return refused({ code: 'line_id_repeated', field: `/lines/${index}/line_id` });
    if (line.tillDiscount > line.sum)
      return refused({ code: 'discount_exceeds_sum', field: `/lines/${index}/till_discount` });
    seen.add(line.lineId);
  }
  return done(lines.map((line) => readLine(catalog, line)));
}

function readLine(catalog: CatalogSnapshot, line: ContentLine): CartLine {
  const bySku = line.sku === null ? null : catalog.productBySku(line.sku);
  const product = bySku ?? (line.barcode === null ? null : catalog.productByBarcode(line.barcode));
  return {
    lineId: line.lineId,
    product,
    sku: product?.sku ?? line.sku,
    quantity: line.quantity,
    shelfSum: money(line.sum),
    tillDiscount: money(line.tillDiscount),
    kind: line.kind ?? product?.kind ?? 'goods',
  };
}
