import type { Generated } from 'kysely';
import type { Instant } from '#kernel/time.ts';

/** The module's own tables, for the builder. */
export interface CatalogTables {
  'catalog.product': {
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
    revision: bigint;
    updated_at: Instant;
  };
  'catalog.product_code': { kind: string; value: string; product_id: string };
  'catalog.category': { code: string; parent_code: string | null; path: string[]; revision: Generated<bigint> };
}
