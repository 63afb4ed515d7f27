import { sql } from 'kysely';
import { builder, type Db, statement, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import { scannedCode } from '../domain/gtin.ts';
import type { LegalClass, Product, ProductKind } from '../domain/product.ts';
import { codeKey } from '../domain/product.ts';
import type { LoadedProduct } from '../domain/snapshot.ts';
import { codeKeysColumn, type ProductRow, priceOf, productColumns, toProduct, toRow } from './product-rows.ts';
import type { CatalogTables } from './tables.ts';

// `limit 1` keeps each look-up a look-up: left free, the planner reads whole tables for a batch while a growing catalog has no statistics yet.
// 20,000 products in batches of 1,000 took 6.6 s so, and 0.5 s this way.
const findTouched = statement<ProductRow>(
  'catalog.find_touched_products',
  `select p.* from (
     select found.product_id from unnest($1::text[]) as wanted(sku)
     cross join lateral (select q.product_id from catalog.product q where q.sku = wanted.sku limit 1) found
     union
     select found.product_id from unnest($2::text[], $3::text[]) as wanted(kind, value)
     cross join lateral (select c.product_id from catalog.product_code c where c.kind = wanted.kind and c.value = wanted.value limit 1) found
   ) touched
   cross join lateral (select ${productColumns} from catalog.product p where p.product_id = touched.product_id limit 1) p`,
);

/** Every product that has one of these articles or codes. */
export async function findTouchedProducts(
  db: Db,
  wanted: {
    readonly skus: readonly string[];
    readonly codes: readonly { readonly kind: string; readonly value: string }[];
  },
): Promise<Product[]> {
  const rows = await db.run(findTouched, [
    wanted.skus,
    wanted.codes.map((code) => code.kind),
    wanted.codes.map((code) => code.value),
  ]);
  return rows.map(toProduct);
}

const findBySku = statement<ProductRow>(
  'catalog.find_product',
  `select ${productColumns} from catalog.product p where p.sku = $1`,
);

export async function findProduct(db: Db, sku: string): Promise<Product | null> {
  const [row] = await db.run(findBySku, [sku]);
  return row === undefined ? null : toProduct(row);
}

const columnTypes = `product_id uuid, sku text, name text, category_code text, brand text, kind text, unit text, price bigint, regular_price bigint,
  floor_price bigint, no_earning boolean, no_redeeming boolean, no_promotions boolean, legal_class text, volume_ml integer, attributes jsonb,
  tags text[], variant_of uuid, source_feed uuid, archived boolean, updated_at timestamptz`;
const columns = columnTypes
  .split(',')
  .map((column) => column.trim().split(' ')[0] ?? '')
  .filter((name) => name !== '');
const upsert = statement<never>(
  'catalog.upsert_products',
  `insert into catalog.product (${columns.join(', ')}, revision)
   select ${columns.join(', ')}, $2 from jsonb_to_recordset($1::jsonb) as item(${columnTypes})
   on conflict (product_id) do update set
   ${columns
     .slice(1)
     .map((name) => `${name} = excluded.${name}`)
     .join(', ')}, revision = excluded.revision`,
);
const dropCodes = statement<never>('catalog.drop_codes', 'delete from catalog.product_code where product_id = any($1)');
const addCodes = statement<never>(
  'catalog.add_codes',
  `insert into catalog.product_code (kind, value, product_id)
   select kind, value, product_id from jsonb_to_recordset($1::jsonb) as item(kind text, value text, product_id uuid)`,
);
const addBrands = statement<never>(
  'catalog.add_brands',
  `insert into catalog.brand (brand_key, name)
   select brand_key, name from jsonb_to_recordset($1::jsonb) as item(brand_key text, name text) on conflict (brand_key) do nothing`,
);

export async function addBrandNames(tx: Tx, brands: ReadonlyMap<string, string>): Promise<void> {
  if (brands.size === 0) return;
  await tx.run(addBrands, [toJson([...brands].map(([brand_key, name]) => ({ brand_key, name })))]);
}

/** Writes products with all their codes under a new revision. The statements are pipelined. */
export async function saveProducts(tx: Tx, products: readonly Product[], revision: bigint): Promise<void> {
  if (products.length === 0) return;
  const ids = products.map((product) => product.productId);
  const codes = products.flatMap((product) =>
    product.codes.map(({ kind, value }) => ({ kind, value, product_id: product.productId })),
  );
  await Promise.all([
    tx.run(upsert, [toJson(products.map(toRow)), revision]),
    tx.run(dropCodes, [ids]),
    tx.run(addCodes, [toJson(codes)]),
  ]);
}

type LoadedRow = Omit<ProductRow, 'unit' | 'attributes' | 'variant_of' | 'source_feed' | 'archived' | 'updated_at'>;

// Only what the snapshot keeps: parsing attributes and times of 200,000 rows doubles the time.
const changedSince = statement<LoadedRow & { revision: bigint }>(
  'catalog.products_changed_since',
  `select p.revision, p.product_id, p.sku, p.name, p.category_code, p.brand, p.kind, p.price, p.regular_price, p.floor_price, p.no_earning,
     p.no_redeeming, p.no_promotions, p.legal_class, p.volume_ml, p.tags, ${codeKeysColumn}
   from catalog.product p where (p.revision, p.product_id) > ($1, $2) order by p.revision, p.product_id limit $3`,
);

export interface ChangedPage {
  readonly products: readonly LoadedProduct[];
  readonly last: { readonly revision: bigint; readonly productId: string } | null;
}

/** A page of what changed after a place in the order of changes. */
export async function changedProducts(
  db: Db,
  after: { readonly revision: bigint; readonly productId: string },
  limit: number,
): Promise<ChangedPage> {
  const rows = await db.run(changedSince, [after.revision, after.productId, limit]);
  const last = rows.at(-1);
  return {
    products: rows.map(toLoaded),
    last: last === undefined ? null : { revision: last.revision, productId: last.product_id },
  };
}

function toLoaded(row: LoadedRow): LoadedProduct {
  return {
    productId: row.product_id,
    sku: row.sku,
    name: row.name,
    categoryCode: row.category_code,
    brand: row.brand,
    price: priceOf(row.price),
    regularPrice: priceOf(row.regular_price),
    floorPrice: priceOf(row.floor_price),
    noEarning: row.no_earning,
    noRedeeming: row.no_redeeming,
    noPromotions: row.no_promotions,
    legalClass: row.legal_class as LegalClass | null,
    volumeMl: row.volume_ml,
    kind: row.kind as ProductKind,
    tags: row.tags,
    codeKeys: row.code_keys ?? [],
  };
}

export interface ProductFilter {
  readonly skus?: readonly string[] | undefined;
  readonly search?: string | undefined;
  readonly categoryCode?: string | undefined;
  readonly brand?: string | undefined;
  readonly legalClass?: LegalClass | undefined;
  readonly tag?: string | undefined;
  readonly flag?: 'no_earning' | 'no_redeeming' | 'no_promotions' | undefined;
  readonly archived?: boolean | undefined;
}

function filtered(db: Db, filter: ProductFilter) {
  let query = builder<CatalogTables>(db).selectFrom('catalog.product as p');
  if (filter.skus !== undefined) query = query.where(sql<boolean>`p.sku = any(${filter.skus}::text[])`);
  if (filter.brand !== undefined) query = query.where('p.brand', '=', filter.brand);
  if (filter.legalClass !== undefined) query = query.where('p.legal_class', '=', filter.legalClass);
  if (filter.tag !== undefined) query = query.where(sql<boolean>`p.tags @> array[${filter.tag}::text]`);
  if (filter.flag !== undefined) query = query.where(`p.${filter.flag}`, '=', true);
  if (filter.archived !== undefined) query = query.where('p.archived', '=', filter.archived);
  if (filter.categoryCode !== undefined) {
    const below = sql`select code from catalog.category where path @> array[${filter.categoryCode}::text]`;
    query = query.where(sql<boolean>`p.category_code in (${below})`);
  }
  if (filter.search !== undefined) query = query.where(searchCondition(filter.search));
  return query;
}

function searchCondition(search: string) {
  const pattern = search.replaceAll(/[\\%_]/g, '\\$&');
  const code = codeKey(scannedCode(search)).split('\t');
  return sql<boolean>`(lower(p.name) like lower(${`%${pattern}%`}::text) or p.sku like ${`${pattern}%`}::text or p.product_id in
    (select c.product_id from catalog.product_code c where c.value in (${code[1] ?? ''}, ${search})))`;
}

export async function listProducts(
  db: Db,
  filter: ProductFilter,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Product[]> {
  const skus = await findSkus(db, filter, page);
  const products = await findTouchedProducts(db, { skus, codes: [] });
  const bySku = new Map(products.map((product) => [product.sku, product]));
  // A product renamed in between is left out of this page and found under its new article.
  return skus.flatMap((sku) => bySku.get(sku) ?? []);
}

/** The articles a filter finds, in order. */
export async function findSkus(
  db: Db,
  filter: ProductFilter,
  page: { readonly after: string | null; readonly limit: number },
): Promise<string[]> {
  let query = filtered(db, filter).select('p.sku');
  if (page.after !== null) query = query.where('p.sku', '>', page.after);
  const rows = await query.orderBy('p.sku').limit(page.limit).execute();
  return rows.map((row) => row.sku);
}
