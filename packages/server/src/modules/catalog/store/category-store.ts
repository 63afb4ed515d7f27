import type { Instant } from '#kernel/time.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { Category } from '../domain/categories.ts';
import type { LegalClass } from '../domain/product.ts';

interface CategoryRow {
  code: string;
  parent_code: string | null;
  name: string;
  path: string[];
  no_earning: boolean;
  no_redeeming: boolean;
  no_promotions: boolean;
  legal_class: string | null;
  updated_at: Instant;
}

const columns = 'code, parent_code, name, path, no_earning, no_redeeming, no_promotions, legal_class, updated_at';
const loadAll = statement<CategoryRow>('catalog.load_categories', `select ${columns} from catalog.category`);
// One parent after the other keeps a tree readable: by path, not by code.
const loadPage = statement<CategoryRow>(
  'catalog.page_categories',
  `select ${columns} from catalog.category where $1::text[] is null or path > $1 order by path limit $2`,
);
const upsert = statement<never>(
  'catalog.upsert_categories',
  `insert into catalog.category (${columns})
   select ${columns} from jsonb_to_recordset($1::jsonb) as item(code text, parent_code text, name text, path text[], no_earning boolean,
     no_redeeming boolean, no_promotions boolean, legal_class text, updated_at timestamptz)
   on conflict (code) do update set parent_code = excluded.parent_code, name = excluded.name, path = excluded.path,
     no_earning = excluded.no_earning, no_redeeming = excluded.no_redeeming, no_promotions = excluded.no_promotions,
     legal_class = excluded.legal_class, updated_at = excluded.updated_at`,
);
const remove = statement<{ code: string }>(
  'catalog.remove_category',
  `delete from catalog.category where code = $1
   and not exists (select from catalog.category below where below.parent_code = $1)
   and not exists (select from catalog.product where category_code = $1) returning code`,
);

function toCategory(row: CategoryRow): Category {
  return {
    code: row.code,
    parentCode: row.parent_code,
    name: row.name,
    path: row.path,
    noEarning: row.no_earning,
    noRedeeming: row.no_redeeming,
    noPromotions: row.no_promotions,
    legalClass: row.legal_class as LegalClass | null,
    updatedAt: row.updated_at,
  };
}

export async function loadCategories(db: Db): Promise<Map<string, Category>> {
  const rows = await db.run(loadAll, []);
  return new Map(rows.map((row) => [row.code, toCategory(row)]));
}

export async function pageCategories(db: Db, after: readonly string[] | null, limit: number): Promise<Category[]> {
  return (await db.run(loadPage, [after, limit])).map(toCategory);
}

export async function saveCategories(tx: Tx, categories: readonly Category[]): Promise<void> {
  if (categories.length === 0) return;
  const rows = categories.map((category) => ({
    code: category.code,
    parent_code: category.parentCode,
    name: category.name,
    path: category.path,
    no_earning: category.noEarning,
    no_redeeming: category.noRedeeming,
    no_promotions: category.noPromotions,
    legal_class: category.legalClass,
    updated_at: category.updatedAt.toString(),
  }));
  await tx.run(upsert, [toJson(rows)]);
}

/** False when something is in it. */
export async function removeCategory(tx: Tx, code: string): Promise<boolean> {
  return (await tx.run(remove, [code])).length > 0;
}

const allBrands = statement<{ brand_key: string; name: string }>(
  'catalog.find_brands',
  'select brand_key, name from catalog.brand where brand_key = any($1)',
);
const pageOfBrands = statement<{ name: string; products: bigint }>(
  'catalog.page_brands',
  `select b.name, (select count(*) from catalog.product p where p.brand = b.name and not p.archived) as products
   from catalog.brand b where $1::text is null or b.name > $1 order by b.name limit $2`,
);

export async function findBrands(db: Db, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.run(allBrands, [keys]);
  return new Map(rows.map((row) => [row.brand_key, row.name]));
}

export async function pageBrands(
  db: Db,
  after: string | null,
  limit: number,
): Promise<{ readonly name: string; readonly products: number }[]> {
  const rows = await db.run(pageOfBrands, [after, limit]);
  return rows.map((row) => ({ name: row.name, products: Number(row.products) }));
}
