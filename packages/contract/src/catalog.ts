import { z } from 'zod';
import { route } from './route.ts';
import { instantText, minorUnits, page, pageQuery, text, uuid } from './wire.ts';

export const legalClass = z
  .enum(['tobacco', 'nicotine', 'hookah', 'alcohol', 'prescription', 'gift_card'])
  .meta({ description: 'A class restricted by law: it stands above every rule of the program' });
export const productKind = z.enum(['goods', 'delivery', 'service']);
export const productUnit = z
  .enum(['piece', 'weight'])
  .meta({ description: 'weight: prices are per kilogram or litre' });
export const feedKind = z.enum(['yml', 'commerceml', 'csv']);

/** A product's article: what a POS sends on a receipt's line. */
export const sku = text(100);
const categoryCode = text(100);
const codeKind = z
  .string()
  .regex(/^(gtin|barcode|marking|external:[a-z0-9][a-z0-9_-]{0,40})$/, 'gtin, barcode, marking or external:<system>');

export const productCode = z.object({ kind: codeKind, value: text(200).regex(/\S/, 'not only spaces') });
const attributes = z
  .record(text(100), text(1000, 0))
  .refine((record) => Object.keys(record).length <= 100, 'at most 100 attributes');
const tags = z.array(text(60)).max(50);
const volume = z.int().min(1).max(1_000_000);

const flags = { no_earning: z.boolean(), no_redeeming: z.boolean(), no_promotions: z.boolean() };

export const product = z.object({
  product_id: uuid,
  sku,
  name: text(500),
  category_code: categoryCode.nullable(),
  brand: text(200).nullable(),
  kind: productKind,
  unit: productUnit,
  price: minorUnits.nullable(),
  regular_price: minorUnits.nullable(),
  floor_price: minorUnits.nullable(),
  ...flags,
  legal_class: legalClass.nullable(),
  volume_ml: volume.nullable(),
  codes: z.array(productCode),
  attributes: z.record(z.string(), z.string()),
  tags: z.array(z.string()),
  archived: z.boolean(),
  updated_at: instantText,
});

const productFields = z.object({
  name: text(500).optional(),
  category_code: categoryCode.nullish(),
  brand: text(200).nullish(),
  kind: productKind.optional(),
  unit: productUnit.optional(),
  price: minorUnits.nullish(),
  regular_price: minorUnits.nullish(),
  floor_price: minorUnits.nullish().meta({ description: 'no step of a receipt brings the price of a unit below it' }),
  no_earning: z.boolean().optional(),
  no_redeeming: z.boolean().optional(),
  no_promotions: z.boolean().optional(),
  legal_class: legalClass.nullish(),
  volume_ml: volume.nullish(),
  codes: z.array(productCode).max(100).optional(),
  attributes: attributes.optional(),
  tags: tags.optional(),
});
export const putProductBody = productFields.strict();
export const batchProductItem = productFields.extend({ sku }).strict();

const productRefusals = {
  name_missing: 422,
  unknown_category: 422,
  bad_gtin: 422,
  code_taken: 409,
} as const;

export const putProduct = route({
  method: 'PUT',
  path: '/v1/products/:sku',
  tag: 'Catalog',
  summary: 'Create or change a product',
  description:
    'Fields that are left out stay as they are; null clears. `name` is needed for a new product. An archived product comes back.',
  scope: 'catalog:write',
  params: z.object({ sku }),
  body: putProductBody,
  response: z.object({ outcome: z.enum(['added', 'changed', 'unchanged']), product }),
  refusals: productRefusals,
});

export const productBatchMax = 1_000;

export const putProducts = route({
  method: 'POST',
  path: '/v1/products/batch',
  tag: 'Catalog',
  summary: 'Create or change up to 1,000 products',
  description: 'Each item is taken or refused on its own; the answer has one result per item, in their order.',
  scope: 'catalog:write',
  body: z.object({ items: z.array(batchProductItem).min(1).max(productBatchMax) }).strict(),
  response: z.object({
    results: z.array(
      z.object({
        sku: z.string(),
        outcome: z.enum(['added', 'changed', 'unchanged', 'refused']),
        code: z.string().optional(),
        field: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    refused: z.int(),
  }),
  refusals: {},
});

export const getProduct = route({
  method: 'GET',
  path: '/v1/products/:sku',
  tag: 'Catalog',
  summary: 'One product',
  scope: 'catalog:read',
  params: z.object({ sku }),
  response: product,
  refusals: { product_not_found: 404 },
});

const yesNo = z.enum(['true', 'false']).transform((word) => word === 'true');

export const listProducts = route({
  method: 'GET',
  path: '/v1/products',
  tag: 'Catalog',
  summary: 'Products by filter and search',
  scope: 'catalog:read',
  query: pageQuery.extend({
    search: text(100).optional().meta({ description: 'a part of the name, the start of an article, a whole barcode' }),
    category_code: categoryCode.optional().meta({ description: 'with everything below it' }),
    brand: text(200).optional(),
    legal_class: legalClass.optional(),
    tag: text(60).optional(),
    flag: z.enum(['no_earning', 'no_redeeming', 'no_promotions']).optional(),
    archived: yesNo.optional().meta({ description: 'false when left out' }),
  }),
  response: page(product),
  refusals: { bad_cursor: 400 },
});

export const flagProducts = route({
  method: 'POST',
  path: '/v1/products/flags',
  tag: 'Catalog',
  summary: 'Set flags, legal class or tags of many products',
  description: 'At least one filter is needed; filters add up. With `dry_run` nothing changes and the answer counts.',
  scope: 'catalog:write',
  body: z
    .object({
      filter: z
        .object({
          skus: z.array(sku).min(1).max(10_000).optional(),
          category_code: categoryCode.optional(),
          brand: text(200).optional(),
          legal_class: legalClass.optional(),
          tag: text(60).optional(),
        })
        .strict(),
      set: z
        .object({
          no_earning: z.boolean().optional(),
          no_redeeming: z.boolean().optional(),
          no_promotions: z.boolean().optional(),
          legal_class: legalClass.nullish(),
          add_tags: tags.optional(),
          remove_tags: tags.optional(),
        })
        .strict(),
      dry_run: z.boolean().default(false),
    })
    .strict(),
  response: z.object({ matched: z.int(), changed: z.int() }),
  refusals: { filter_empty: 422, change_empty: 422, too_many_products: 422 },
});

export const archiveProduct = route({
  method: 'DELETE',
  path: '/v1/products/:sku',
  tag: 'Catalog',
  summary: 'Archive a product',
  description: 'It leaves the lists. Receipts and returns still find it, and its restrictions still hold.',
  scope: 'catalog:write',
  params: z.object({ sku }),
  response: product,
  refusals: { product_not_found: 404 },
});

export const category = z.object({
  code: categoryCode,
  parent_code: categoryCode.nullable(),
  name: text(300),
  path: z.array(z.string()).meta({ description: 'codes from the root down to this one' }),
  ...flags,
  legal_class: legalClass.nullable(),
  updated_at: instantText,
});

export const listCategories = route({
  method: 'GET',
  path: '/v1/categories',
  tag: 'Catalog',
  summary: 'The tree of categories',
  scope: 'catalog:read',
  query: pageQuery,
  response: page(category),
  refusals: { bad_cursor: 400 },
});

export const putCategory = route({
  method: 'PUT',
  path: '/v1/categories/:code',
  tag: 'Catalog',
  summary: 'Create or change a category',
  description: 'Flags and the legal class hold for every product in it and below. Fields that are left out stay.',
  scope: 'catalog:write',
  params: z.object({ code: categoryCode }),
  body: z
    .object({
      name: text(300).optional(),
      parent_code: categoryCode.nullish(),
      no_earning: z.boolean().optional(),
      no_redeeming: z.boolean().optional(),
      no_promotions: z.boolean().optional(),
      legal_class: legalClass.nullish(),
    })
    .strict(),
  response: category,
  refusals: {
    name_missing: 422,
    unknown_parent: 422,
    category_circle: 422,
    category_too_deep: 422,
    too_many_categories: 422,
  },
});

export const deleteCategory = route({
  method: 'DELETE',
  path: '/v1/categories/:code',
  tag: 'Catalog',
  summary: 'Remove an empty category',
  scope: 'catalog:write',
  params: z.object({ code: categoryCode }),
  response: z.object({ code: categoryCode }),
  refusals: { category_not_found: 404, category_in_use: 409 },
});

export const listBrands = route({
  method: 'GET',
  path: '/v1/brands',
  tag: 'Catalog',
  summary: 'Brands and how many products each has',
  scope: 'catalog:read',
  query: pageQuery,
  response: page(z.object({ name: z.string(), products: z.int() })),
  refusals: { bad_cursor: 400 },
});
