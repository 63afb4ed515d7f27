import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Db } from '#platform/db.ts';
import type { Category } from '../domain/categories.ts';
import type { Product } from '../domain/product.ts';
import type { Shop } from '../domain/shop.ts';
import { pageBrands, pageCategories } from '../store/category-store.ts';
import { findProduct, listProducts, type ProductFilter } from '../store/product-store.ts';
import { findShop, pageShops } from '../store/shop-store.ts';

export type { ProductFilter } from '../store/product-store.ts';

export interface PageQuery<Place> {
  readonly after: Place | null;
  readonly limit: number;
}

export interface Page<Item, Place> {
  readonly items: readonly Item[];
  readonly next: Place | null;
}

/** One row more than asked says whether there is a next page. */
async function pageOf<Item, Place>(
  query: PageQuery<Place>,
  place: (item: Item) => Place,
  read: (limit: number) => Promise<readonly Item[]>,
): Promise<Page<Item, Place>> {
  const found = await read(query.limit + 1);
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  return { items, next: found.length > query.limit && last !== undefined ? place(last) : null };
}

export function productPage(db: Db, filter: ProductFilter, query: PageQuery<string>): Promise<Page<Product, string>> {
  return pageOf(
    query,
    (product: Product) => product.sku,
    (limit) => listProducts(db, filter, { after: query.after, limit }),
  );
}

export function categoryPage(db: Db, query: PageQuery<readonly string[]>): Promise<Page<Category, readonly string[]>> {
  return pageOf(
    query,
    (category: Category) => category.path,
    (limit) => pageCategories(db, query.after, limit),
  );
}

export function brandPage(
  db: Db,
  query: PageQuery<string>,
): Promise<Page<{ readonly name: string; readonly products: number }, string>> {
  return pageOf(
    query,
    (brand: { readonly name: string; readonly products: number }) => brand.name,
    (limit) => pageBrands(db, query.after, limit),
  );
}

export function shopPage(db: Db, query: PageQuery<string>): Promise<Page<Shop, string>> {
  return pageOf(
    query,
    (shop: Shop) => shop.code,
    (limit) => pageShops(db, query.after, limit),
  );
}

export async function getProduct(
  db: Db,
  sku: string,
): Promise<Outcome<Product, { readonly code: 'product_not_found' }>> {
  const product = await findProduct(db, sku);
  return product === null ? refused({ code: 'product_not_found' }) : done(product);
}

export async function getShop(db: Db, code: string): Promise<Outcome<Shop, { readonly code: 'shop_not_found' }>> {
  const shop = await findShop(db, code);
  return shop === null ? refused({ code: 'shop_not_found' }) : done(shop);
}
