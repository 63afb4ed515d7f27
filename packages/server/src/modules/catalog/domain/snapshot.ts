import { type Category, type CategoryReach, reachOf } from './categories.ts';
import { scannedCode } from './gtin.ts';
import { type Layers, layersOf, lookUp, withLayer } from './layers.ts';
import { codeKey, type Product, type ProductView } from './product.ts';
import type { Shop, ShopView } from './shop.ts';

/**
 * The catalog in memory, as of one instant: what a purchase reads instead of the database. It never changes; a newer one takes its place.
 * Archived products are in it: a till that still sells one must meet its restrictions, a return must find it.
 */
export interface CatalogSnapshot {
  readonly revision: bigint;
  productBySku(sku: string): ProductView | null;
  productById(productId: string): ProductView | null;
  /** EAN, UPC, GTIN, a DataMatrix mark, or an in-house barcode, as scanned. */
  productByBarcode(scanned: string): ProductView | null;
  /** By the id that another system (1C, a site) gave it. */
  productByExternalId(system: string, id: string): ProductView | null;
  /** Codes from the root down to this category, or null when there is none. */
  categoryPath(code: string): readonly string[] | null;
  /** Only shops that are active. */
  shopByCode(code: string): ShopView | null;
  /** Closed shops too: history names them. */
  shopById(shopId: string): ShopView | null;
  /** Active ones, by code. */
  shops(): readonly ShopView[];
}

/** What the snapshot needs of a product's row. */
export type LoadedProduct = Pick<
  Product,
  | 'productId'
  | 'sku'
  | 'name'
  | 'categoryCode'
  | 'brand'
  | 'price'
  | 'regularPrice'
  | 'floorPrice'
  | 'noEarning'
  | 'noRedeeming'
  | 'noPromotions'
  | 'legalClass'
  | 'volumeMl'
  | 'kind'
  | 'tags'
> & { readonly codeKeys: readonly string[] };

interface Entry {
  readonly view: ProductView;
  readonly codeKeys: readonly string[];
}

/** Everything a newer snapshot is made from. */
export interface CatalogState {
  readonly revision: bigint;
  readonly categoryRevision: bigint;
  readonly shopRevision: bigint;
  readonly categories: ReadonlyMap<string, Category>;
  readonly reaches: ReadonlyMap<string, CategoryReach>;
  readonly shops: readonly Shop[];
  readonly byId: Layers<Entry>;
  readonly bySku: Layers<Entry>;
  readonly byCode: Layers<Entry>;
}

export const emptyState: CatalogState = {
  revision: -1n,
  categoryRevision: -1n,
  shopRevision: -1n,
  categories: new Map(),
  reaches: new Map(),
  shops: [],
  byId: layersOf(new Map<string, Entry>()),
  bySku: layersOf(new Map<string, Entry>()),
  byCode: layersOf(new Map<string, Entry>()),
};

export function withCategories(
  state: CatalogState,
  categories: readonly Category[],
  categoryRevision: bigint,
): CatalogState {
  const byCode = new Map(categories.map((category) => [category.code, category]));
  const reaches = new Map(categories.map((category) => [category.code, reachOf(byCode, category.code)]));
  return { ...state, categoryRevision, categories: byCode, reaches };
}

/** True when products loaded under `before` would look different now: a category moved, or its flags changed. */
export function reachesDiffer(before: CatalogState, after: CatalogState): boolean {
  for (const [code, reach] of before.reaches) {
    if (JSON.stringify(reach) !== JSON.stringify(after.reaches.get(code))) return true;
  }
  return false;
}

export function withShops(state: CatalogState, shops: readonly Shop[], shopRevision: bigint): CatalogState {
  return { ...state, shopRevision, shops };
}

/** The same products looked at through other categories: forget them all, they are loaded anew. */
export function withoutProducts(state: CatalogState): CatalogState {
  return { ...state, revision: -1n, byId: emptyState.byId, bySku: emptyState.bySku, byCode: emptyState.byCode };
}

const noTags: readonly string[] = [];

function viewOf(product: LoadedProduct, reach: CategoryReach | undefined): ProductView {
  return {
    productId: product.productId,
    sku: product.sku,
    name: product.name,
    categories: reach?.path ?? noTags,
    brand: product.brand,
    price: product.price,
    regularPrice: product.regularPrice,
    floorPrice: product.floorPrice,
    noEarning: product.noEarning || (reach?.noEarning ?? false),
    noRedeeming: product.noRedeeming || (reach?.noRedeeming ?? false),
    noPromotions: product.noPromotions || (reach?.noPromotions ?? false),
    legalClass: product.legalClass ?? reach?.legalClass ?? null,
    volumeMl: product.volumeMl,
    kind: product.kind,
    tags: product.tags.length === 0 ? noTags : product.tags,
  };
}

export function withProducts(state: CatalogState, products: readonly LoadedProduct[], revision: bigint): CatalogState {
  const byId = new Map<string, Entry>();
  const bySku = new Map<string, Entry | null>();
  const byCode = new Map<string, Entry | null>();
  for (const product of products) {
    const before = lookUp(state.byId, product.productId);
    if (before === null) continue;
    // An article or a code that another product took over meanwhile stays with that one.
    if (lookUp(state.bySku, before.view.sku)?.view.productId === product.productId) bySku.set(before.view.sku, null);
    for (const key of before.codeKeys) {
      if (lookUp(state.byCode, key)?.view.productId === product.productId) byCode.set(key, null);
    }
  }
  for (const product of products) {
    const reach = product.categoryCode === null ? undefined : state.reaches.get(product.categoryCode);
    const entry: Entry = { view: viewOf(product, reach), codeKeys: product.codeKeys };
    byId.set(product.productId, entry);
    bySku.set(product.sku, entry);
    for (const key of product.codeKeys) byCode.set(key, entry);
  }
  return {
    ...state,
    revision,
    byId: withLayer(state.byId, byId),
    bySku: withLayer(state.bySku, bySku),
    byCode: withLayer(state.byCode, byCode),
  };
}

function shopView(shop: Shop): ShopView {
  const { shopId, code, name, zone, channel, test, inn } = shop;
  return { shopId, code, name, zone, channel, test, inn };
}

export function snapshotOf(state: CatalogState): CatalogSnapshot {
  const active = state.shops.filter((shop) => shop.active).map(shopView);
  const shopsByCode = new Map(active.map((shop) => [shop.code, shop]));
  const shopsById = new Map(state.shops.map((shop) => [shop.shopId, shopView(shop)]));
  return {
    revision: state.revision,
    productBySku: (sku) => lookUp(state.bySku, sku)?.view ?? null,
    productById: (productId) => lookUp(state.byId, productId)?.view ?? null,
    productByBarcode: (scanned) => lookUp(state.byCode, codeKey(scannedCode(scanned)))?.view ?? null,
    productByExternalId: (system, id) =>
      lookUp(state.byCode, codeKey({ kind: `external:${system}`, value: id }))?.view ?? null,
    categoryPath: (code) => state.reaches.get(code)?.path ?? null,
    shopByCode: (code) => shopsByCode.get(code) ?? null,
    shopById: (shopId) => shopsById.get(shopId) ?? null,
    shops: () => active,
  };
}
