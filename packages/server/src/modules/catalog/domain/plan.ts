import type { Instant } from '#kernel/time.ts';
import { chooseCodes } from './plan-codes.ts';
import { index, keep, type Working } from './plan-state.ts';
import { brandKey, codeKey, type Product, type ProductCode } from './product.ts';
import { sameProduct } from './same-product.ts';

/** What someone says about a product. Fields left out stay as they are. */
export type ProductFields = {
  readonly [Field in
    | 'name'
    | 'categoryCode'
    | 'brand'
    | 'kind'
    | 'unit'
    | 'price'
    | 'regularPrice'
    | 'floorPrice'
    | 'noEarning'
    | 'noRedeeming'
    | 'noPromotions'
    | 'legalClass'
    | 'volumeMl'
    | 'attributes'
    | 'tags']?: Product[Field] | undefined;
} & { readonly codes?: readonly { readonly kind: string; readonly value: string }[] | undefined };

export interface ProductItem {
  /** Null: found by `externalId` only. */
  readonly sku: string | null;
  readonly externalId: ProductCode | null;
  /** The external id of the product that this is a size or colour of. */
  readonly variantOf: ProductCode | null;
  /** `update` never makes a product and never takes it over from its feed; `archive` is how a source says that it is gone. */
  readonly mode: 'upsert' | 'update' | 'archive';
  readonly fields: ProductFields;
}

export interface Note {
  readonly code: 'name_missing' | 'product_not_found' | 'sku_taken' | 'unknown_category' | 'bad_gtin' | 'code_taken';
  readonly field: string;
  readonly detail: string;
}

export interface ItemPlan {
  readonly outcome: 'added' | 'changed' | 'unchanged' | 'refused';
  /** As it was; null for a new one. */
  readonly before: Product | null;
  /** The product as it is to be; null when refused. */
  readonly product: Product | null;
  /** In `lenient` plans an item is taken without what a note is about. */
  readonly notes: readonly Note[];
}

/** What the store knows that these items may touch. */
export interface Known {
  readonly products: readonly Product[];
  readonly categories: ReadonlySet<string>;
  /** By brand key. */
  readonly brands: ReadonlyMap<string, string>;
}

export interface PlanContext {
  readonly now: Instant;
  readonly newId: () => string;
  readonly sourceFeed: string | null;
  /** A feed takes what it can; a call to the API is refused whole at its first note. */
  readonly lenient: boolean;
}

export interface Plan {
  readonly items: readonly ItemPlan[];
  /** The last state of everything that changes, each product once; also those that lost a code. */
  readonly save: readonly Product[];
  readonly newBrands: ReadonlyMap<string, string>;
}

/** Decides a batch in order: a later item meets what an earlier one made. */
export function planProducts(items: readonly ProductItem[], known: Known, context: PlanContext): Plan {
  const working: Working = {
    byId: new Map(),
    bySku: new Map(),
    byCode: new Map(),
    brands: new Map(known.brands),
    newBrands: new Map(),
    changed: new Map(),
  };
  for (const product of known.products) index(working, product);
  const plans = items.map((item) => planItem(item, { ...context, categories: known.categories, working }));
  return { items: plans, save: [...working.changed.values()], newBrands: working.newBrands };
}

interface ItemContext extends PlanContext {
  readonly categories: ReadonlySet<string>;
  readonly working: Working;
}

function planItem(item: ProductItem, context: ItemContext): ItemPlan {
  const { working } = context;
  const found = find(item, working);
  const base = item.variantOf === null ? null : (working.byCode.get(codeKey(item.variantOf)) ?? null);
  const refusedBy = (code: Note['code'], field: string, detail: string): ItemPlan => ({
    outcome: 'refused',
    before: null,
    product: null,
    notes: [{ code, field, detail }],
  });
  if (item.mode === 'archive') return planArchive(found, context);
  if (item.variantOf !== null && base === null && found === null) {
    return refusedBy('product_not_found', '', `no product has the id ${item.variantOf.value}`);
  }
  // 1C may send sizes as goods of their own: then an offer is only a price of such a product.
  const mode = item.variantOf !== null && found !== null && found.variantOf === null ? 'update' : item.mode;
  if (found === null && mode === 'update') {
    return refusedBy('product_not_found', '', `no product has the id ${item.externalId?.value ?? item.sku ?? ''}`);
  }
  const name = item.fields.name ?? found?.name ?? base?.name;
  if (name === undefined) return refusedBy('name_missing', '/name', 'a new product needs a name');
  const notes: Note[] = [];
  const sku = chooseSku(item, found, working, notes);
  const made = found ?? newProduct({ productId: context.newId(), sku, name, now: context.now });
  const before = base === null || mode === 'update' ? made : likeBase(made, base);
  const codes = chooseCodes(item, before, { working, notes });
  const merged: Product = {
    ...before,
    ...given(item.fields),
    name,
    sku,
    codes: codes.kept,
    categoryCode: chooseCategory(item, before, { categories: context.categories, notes }),
    brand: chooseBrand(item.fields.brand, before.brand, working),
    sourceFeed: mode === 'upsert' ? (context.sourceFeed ?? before.sourceFeed) : before.sourceFeed,
    archived: mode === 'upsert' ? false : before.archived,
  };
  if (!context.lenient && notes.length > 0) return { outcome: 'refused', before: found, product: null, notes };
  if (found !== null && sameProduct(found, merged))
    return { outcome: 'unchanged', before: found, product: found, notes };
  const product = { ...merged, updatedAt: context.now };
  for (const loser of codes.losers) keep(working, { ...loser.product, codes: loser.codes, updatedAt: context.now });
  keep(working, product, found);
  return { outcome: found === null ? 'added' : 'changed', before: found, product, notes };
}

function find(item: ProductItem, working: Working): Product | null {
  const byId = item.externalId === null ? undefined : working.byCode.get(codeKey(item.externalId));
  if (byId) return byId;
  const bySku = item.sku === null ? undefined : working.bySku.get(item.sku);
  if (!bySku) return null;
  // Two products of one system with one article are two products.
  const { externalId } = item;
  return externalId !== null && bySku.codes.some((code) => code.kind === externalId.kind) ? null : bySku;
}

function planArchive(found: Product | null, context: ItemContext): ItemPlan {
  if (found === null || found.archived) return { outcome: 'unchanged', before: found, product: found, notes: [] };
  const product = { ...found, archived: true, updatedAt: context.now };
  keep(context.working, product, found);
  return { outcome: 'changed', before: found, product, notes: [] };
}

/** A size or colour lies where its product lies, and what restricts the product restricts it. */
function likeBase(variant: Product, base: Product): Product {
  return {
    ...variant,
    variantOf: base.productId,
    categoryCode: base.categoryCode,
    brand: base.brand,
    kind: base.kind,
    unit: base.unit,
    noEarning: variant.noEarning || base.noEarning,
    noRedeeming: variant.noRedeeming || base.noRedeeming,
    noPromotions: variant.noPromotions || base.noPromotions,
    legalClass: variant.legalClass ?? base.legalClass,
    floorPrice: variant.floorPrice ?? base.floorPrice,
    volumeMl: variant.volumeMl ?? base.volumeMl,
  };
}

function newProduct(made: {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly now: Instant;
}): Product {
  return {
    productId: made.productId,
    sku: made.sku,
    name: made.name,
    categoryCode: null,
    brand: null,
    kind: 'goods',
    unit: 'piece',
    price: null,
    regularPrice: null,
    floorPrice: null,
    noEarning: false,
    noRedeeming: false,
    noPromotions: false,
    legalClass: null,
    volumeMl: null,
    attributes: {},
    tags: [],
    codes: [],
    variantOf: null,
    sourceFeed: null,
    archived: false,
    updatedAt: made.now,
  };
}

function chooseSku(item: ProductItem, found: Product | null, working: Working, notes: Note[]): string {
  const wanted = item.sku ?? found?.sku ?? item.externalId?.value ?? '';
  if (found?.sku === wanted) return wanted;
  // An `update` speaks of prices; articles are the goods file's.
  if (found !== null && item.mode === 'update') return found.sku;
  const owner = working.bySku.get(wanted);
  if (owner === undefined || owner.productId === found?.productId) return wanted;
  const fallback = found?.sku ?? item.externalId?.value ?? wanted;
  // Kept under its id since an earlier run: not news.
  if (found === null || found.sku !== item.externalId?.value)
    notes.push({
      code: 'sku_taken',
      field: '/sku',
      detail: `article ${wanted} belongs to another product; kept as ${fallback}`,
    });
  return fallback;
}

function chooseCategory(
  item: ProductItem,
  before: Product,
  reading: { readonly categories: ReadonlySet<string>; readonly notes: Note[] },
): string | null {
  const wanted = item.fields.categoryCode;
  if (wanted === undefined) return before.categoryCode;
  if (wanted === null || reading.categories.has(wanted)) return wanted;
  reading.notes.push({ code: 'unknown_category', field: '/category_code', detail: `there is no category ${wanted}` });
  return before.categoryCode;
}

function chooseBrand(wanted: string | null | undefined, before: string | null, working: Working): string | null {
  if (wanted === undefined) return before;
  const key = wanted === null ? '' : brandKey(wanted);
  if (wanted === null || key === '') return null;
  const known = working.brands.get(key);
  if (known !== undefined) return known;
  const name = wanted.trim();
  working.brands.set(key, name);
  working.newBrands.set(key, name);
  return name;
}

function given(fields: ProductFields): Partial<Product> {
  const { codes: _codes, ...rest } = fields;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<Product>;
}
