import { z } from 'zod';
import { feedKind } from './catalog.ts';
import { route } from './route.ts';
import { code, instantText, page, pageQuery, text, uuid } from './wire.ts';

/** CSV: which column holds what. Prices are decimal roubles, "1 234,50" and "1234.5" alike. */
export const csvField = z.enum([
  'sku',
  'name',
  'category_code',
  'category_name',
  'brand',
  'price',
  'regular_price',
  'floor_price',
  'barcodes',
  'external_id',
  'legal_class',
  'volume_ml',
  'no_earning',
  'no_redeeming',
  'no_promotions',
  'tags',
  'unit',
  'kind',
]);

export const feedOptions = z
  .object({
    sku_from: z
      .enum(['id', 'vendor_code'])
      .optional()
      .meta({ description: 'YML: offer id (default) or vendorCode; CommerceML: Ид or Артикул (default)' }),
    system: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,40}$/)
      .optional()
      .meta({ description: 'name of the system whose ids become external:<system> codes' }),
    category_prefix: text(30).optional().meta({ description: 'put before category ids, when two feeds number alike' }),
    price_type: text(200)
      .optional()
      .meta({ description: 'CommerceML: id or name of the price type; else the first one' }),
    archive_missing: z
      .boolean()
      .optional()
      .meta({ description: 'archive what a full file no longer has; yes by default' }),
    archive_percent_max: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'archive nothing when more than this share is missing; 30 by default' }),
    columns: z.partialRecord(csvField, text(200)).optional(),
    delimiter: z.enum([',', ';', '\t', '|']).optional(),
    encoding: z.enum(['utf-8', 'windows-1251']).optional().meta({ description: 'CSV; XML says it itself' }),
  })
  .strict();

/** Shown to whoever may read the catalog, and kept in the audit log: it must hold no password. */
const feedUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'a URL with a name and password is not taken');

export const feedSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('url'), url: feedUrl }).strict(),
  z
    .object({
      kind: z.literal('file'),
      path: text(300).meta({ description: 'a file inside the folder for feeds on the server' }),
    })
    .strict(),
]);

export const feedRun = z.object({
  run_id: uuid,
  status: z.enum(['running', 'done', 'failed']),
  started_at: instantText,
  ended_at: instantText.nullable(),
  items: z.int(),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  archived: z.int(),
  problems: z.int(),
  failure: z.object({ code: z.string(), line: z.int().nullable(), detail: z.string() }).nullable(),
});

export const feed = z.object({
  feed_id: uuid,
  code,
  name: text(200),
  kind: feedKind,
  source: feedSource.nullable(),
  options: feedOptions,
  schedule: z.string().nullable(),
  zone: z.string(),
  active: z.boolean(),
  due_at: instantText.nullable(),
  updated_at: instantText,
  last_run: feedRun.nullable(),
});

export const listFeeds = route({
  method: 'GET',
  path: '/v1/feeds',
  tag: 'Feeds',
  summary: 'Feeds and how each last went',
  scope: 'catalog:read',
  query: pageQuery,
  response: page(feed),
  refusals: { bad_cursor: 400 },
});

export const getFeed = route({
  method: 'GET',
  path: '/v1/feeds/:code',
  tag: 'Feeds',
  summary: 'One feed',
  scope: 'catalog:read',
  params: z.object({ code }),
  response: feed,
  refusals: { feed_not_found: 404 },
});

export const putFeed = route({
  method: 'PUT',
  path: '/v1/feeds/:code',
  tag: 'Feeds',
  summary: 'Define a feed',
  scope: 'catalog:write',
  params: z.object({ code }),
  body: z
    .object({
      name: text(200),
      kind: feedKind,
      source: feedSource.nullable().default(null),
      options: feedOptions.default({}),
      schedule: text(100).nullable().default(null).meta({ description: 'cron of five fields, such as 0 5 * * *' }),
      zone: text(60).default('Europe/Moscow'),
      active: z.boolean().default(true),
    })
    .strict(),
  response: feed,
  refusals: { unknown_zone: 422, bad_schedule: 422, columns_missing: 422, kind_fixed: 409, source_missing: 422 },
});

export const runFeed = route({
  method: 'POST',
  path: '/v1/feeds/:code/run',
  tag: 'Feeds',
  summary: 'Read a feed now',
  description: 'It is queued: look at `last_run` of the feed for how it went.',
  scope: 'catalog:write',
  params: z.object({ code }),
  response: feed,
  status: 202,
  refusals: { feed_not_found: 404, source_missing: 422, feed_inactive: 409 },
});

export const listFeedRuns = route({
  method: 'GET',
  path: '/v1/feeds/:code/runs',
  tag: 'Feeds',
  summary: 'The last 50 runs of a feed, newest first',
  scope: 'catalog:read',
  params: z.object({ code }),
  response: z.object({ items: z.array(feedRun) }),
  refusals: { feed_not_found: 404 },
});

export const listFeedProblems = route({
  method: 'GET',
  path: '/v1/feeds/:code/runs/:run_id/problems',
  tag: 'Feeds',
  summary: 'What was wrong in a file, with line numbers',
  scope: 'catalog:read',
  params: z.object({ code, run_id: uuid }),
  query: pageQuery,
  response: page(
    z.object({
      problem_no: z.int(),
      line: z.int().nullable(),
      item: z.string().nullable(),
      code: z.string(),
      detail: z.string(),
    }),
  ),
  refusals: { feed_not_found: 404, run_not_found: 404, bad_cursor: 400 },
});
