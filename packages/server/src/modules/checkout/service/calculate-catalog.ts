import { required } from '#kernel/assert.ts';
import { type Money, money } from '#kernel/money.ts';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { points, sumPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { ProductView, ShopView } from '#modules/catalog/index.ts';
import {
  type CatalogPrice,
  type CompiledProgram,
  catalogQuote,
  type MemberInQuote,
  type SpendableLot,
} from '#modules/program/index.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { MemberKey } from '../domain/content.ts';
import type { CheckoutDeps } from './deps.ts';
import { findMember, type MemberRefusal, readMemberState } from './load-member.ts';
import { memberInQuote } from './member-view.ts';
import { readBudgets, segmentsOf } from './quote-sale.ts';
import { findShop, type IdentityRefusal, readMemberKey, type ShopRefusal } from './read-sale.ts';
import { settleState } from './settle-state.ts';

export interface AskedProduct {
  readonly sku: string;
  /** The site's own price; null: the catalog's. */
  readonly price: bigint | null;
}

export interface CatalogCommand {
  readonly shopCode: string;
  readonly member: MemberKey | null;
  readonly products: readonly AskedProduct[];
  readonly caller: Caller;
  readonly now: Instant;
}

export interface CalculatedProduct {
  readonly sku: string;
  /** Whether the catalog knows it. */
  readonly known: boolean;
  readonly price: Money;
  readonly quoted: CatalogPrice;
}

export interface CalculatedCatalog {
  readonly programVersion: number;
  readonly products: readonly CalculatedProduct[];
}

export type CatalogRefusal =
  | ShopRefusal
  | IdentityRefusal
  | MemberRefusal
  | { readonly code: 'program_not_published' }
  | { readonly code: 'price_required'; readonly field: string };

/** Each product of a page alone, one piece, for this member, shop and time (R17). Reads the member once, writes nothing. */
export async function calculateCatalog(
  deps: CheckoutDeps,
  command: CatalogCommand,
): Promise<Outcome<CalculatedCatalog, CatalogRefusal>> {
  const program = deps.program.current();
  if (program === null) return refused({ code: 'program_not_published' });
  const catalog = deps.catalog.snapshot();
  const shop = findShop(catalog, command.shopCode, command.caller);
  if (!shop.ok) return shop;
  const products: ProductView[] = [];
  const prices: Money[] = [];
  for (const [index, asked] of command.products.entries()) {
    const known = catalog.productBySku(asked.sku);
    const price = asked.price === null ? (known?.price ?? null) : money(asked.price);
    if (price === null) return refused({ code: 'price_required', field: `/products/${index}/price` });
    products.push(known ?? anyGoods(asked.sku, price));
    prices.push(price);
  }
  const member = await readMember(deps, command, { program, shop: shop.value });
  if (!member.ok) return member;
  const budgets = await readBudgets(deps, program);
  const quoted = catalogQuote(program, {
    member: member.value,
    shop: shop.value,
    at: command.now,
    budgets,
    products,
    prices,
  });
  return done({
    programVersion: quoted.programVersion,
    products: quoted.items.map((item, index) => ({
      sku: item.sku,
      known: products[index]?.productId !== unknownId,
      price: required(item.shelfPrice, 'a priced product'),
      quoted: item,
    })),
  });
}

const unknownId = '';
const nothing: readonly string[] = [];

/** A product the catalog does not know is priced as any goods without a category (R17). */
function anyGoods(sku: string, price: Money): ProductView {
  return {
    productId: unknownId,
    sku,
    name: sku,
    categories: nothing,
    brand: null,
    price,
    regularPrice: null,
    floorPrice: null,
    noEarning: false,
    noRedeeming: false,
    noPromotions: false,
    legalClass: null,
    volumeMl: null,
    kind: 'goods',
    tags: nothing,
  };
}

async function readMember(
  deps: CheckoutDeps,
  { member, now }: CatalogCommand,
  { program, shop }: { program: CompiledProgram; shop: ShopView },
): Promise<Outcome<MemberInQuote | null, CatalogRefusal>> {
  const key = readMemberKey(deps, member);
  if (!key.ok) return key;
  if (key.value === null) return done(null);
  const read = await deps.db.together(async (db) => {
    const found = await findMember(db, key.value);
    if (!found.ok) return found;
    const { memberId, cardActive } = required(found.value, 'the member who was named');
    const wish = { program, sale: { at: now, shop }, now, account: cardActive };
    const loaded = await readMemberState(deps, memberId, wish, db);
    return loaded.ok ? done({ state: loaded.value, cardActive }) : loaded;
  });
  if (!read.ok) return read;
  const { state, cardActive } = read.value;
  const settled = settleState(state, program, { now, newId: deps.newId });
  const view = memberInQuote(settled.state, {
    at: now,
    now,
    shopZone: shop.zone,
    segments: segmentsOf(program, settled.state, now),
    redeeming: cardActive,
  });
  return done({ ...view, lots: pooled(view.lots) });
}

/** Which lot pays is of no interest on a page: a hundred products would each go through all of them. */
function pooled(lots: readonly SpendableLot[]): SpendableLot[] {
  const restricted = lots.filter((lot) => lot.restriction !== null);
  const free = lots.filter((lot) => lot.restriction === null);
  const [first] = free;
  if (first === undefined) return restricted;
  return [...restricted, { ...first, spendable: points(sumPoints(free.map((lot) => lot.spendable))) }];
}
