import { type Money, money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { CodeKind, LegalClass, Product, ProductCode, ProductKind, ProductUnit } from '../domain/product.ts';

export interface ProductRow {
  product_id: string;
  sku: string;
  name: string;
  category_code: string | null;
  brand: string | null;
  kind: string;
  unit: string;
  price: bigint | null;
  regular_price: bigint | null;
  floor_price: bigint | null;
  no_earning: boolean;
  no_redeeming: boolean;
  no_promotions: boolean;
  legal_class: string | null;
  volume_ml: number | null;
  attributes: Record<string, string>;
  tags: string[];
  variant_of: string | null;
  source_feed: string | null;
  archived: boolean;
  updated_at: Instant;
  /** "kind\tvalue", or null for none. */
  code_keys: string[] | null;
}

export const codeKeysColumn = `(select array_agg(c.kind || E'\\t' || c.value order by c.kind, c.value)
  from catalog.product_code c where c.product_id = p.product_id) as code_keys`;

export const productColumns = `p.product_id, p.sku, p.name, p.category_code, p.brand, p.kind, p.unit, p.price, p.regular_price, p.floor_price,
  p.no_earning, p.no_redeeming, p.no_promotions, p.legal_class, p.volume_ml, p.attributes, p.tags, p.variant_of, p.source_feed, p.archived,
  p.updated_at, ${codeKeysColumn}`;

export function toProduct(row: ProductRow): Product {
  return {
    productId: row.product_id,
    sku: row.sku,
    name: row.name,
    categoryCode: row.category_code,
    brand: row.brand,
    kind: row.kind as ProductKind,
    unit: row.unit as ProductUnit,
    price: priceOf(row.price),
    regularPrice: priceOf(row.regular_price),
    floorPrice: priceOf(row.floor_price),
    noEarning: row.no_earning,
    noRedeeming: row.no_redeeming,
    noPromotions: row.no_promotions,
    legalClass: row.legal_class as LegalClass | null,
    volumeMl: row.volume_ml,
    attributes: row.attributes,
    tags: row.tags,
    codes: (row.code_keys ?? []).map(toCode),
    variantOf: row.variant_of,
    sourceFeed: row.source_feed,
    archived: row.archived,
    updatedAt: row.updated_at,
  };
}

export function priceOf(minorUnits: bigint | null): Money | null {
  return minorUnits === null ? null : money(minorUnits);
}

function toCode(key: string): ProductCode {
  const tab = key.indexOf('\t');
  return { kind: key.slice(0, tab) as CodeKind, value: key.slice(tab + 1) };
}

/** The row as JSON for jsonb_to_recordset: a thousand products are one parameter. */
export function toRow(product: Product): Record<string, unknown> {
  return {
    product_id: product.productId,
    sku: product.sku,
    name: product.name,
    category_code: product.categoryCode,
    brand: product.brand,
    kind: product.kind,
    unit: product.unit,
    price: product.price,
    regular_price: product.regularPrice,
    floor_price: product.floorPrice,
    no_earning: product.noEarning,
    no_redeeming: product.noRedeeming,
    no_promotions: product.noPromotions,
    legal_class: product.legalClass,
    volume_ml: product.volumeMl,
    attributes: product.attributes,
    tags: product.tags,
    variant_of: product.variantOf,
    source_feed: product.sourceFeed,
    archived: product.archived,
    updated_at: product.updatedAt.toString(),
  };
}
