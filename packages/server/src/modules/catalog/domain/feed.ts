import type { Instant } from '#kernel/time.ts';
import type { ProductFields } from './plan.ts';

export const feedKinds = ['yml', 'commerceml', 'csv'] as const;
export type FeedKind = (typeof feedKinds)[number];

export type CsvField =
  | 'sku'
  | 'name'
  | 'category_code'
  | 'category_name'
  | 'brand'
  | 'price'
  | 'regular_price'
  | 'floor_price'
  | 'barcodes'
  | 'external_id'
  | 'legal_class'
  | 'volume_ml'
  | 'no_earning'
  | 'no_redeeming'
  | 'no_promotions'
  | 'tags'
  | 'unit'
  | 'kind';

export interface FeedOptions {
  readonly sku_from?: 'id' | 'vendor_code' | undefined;
  readonly system?: string | undefined;
  readonly category_prefix?: string | undefined;
  readonly price_type?: string | undefined;
  readonly archive_missing?: boolean | undefined;
  readonly archive_percent_max?: number | undefined;
  readonly columns?: Readonly<Partial<Record<CsvField, string>>> | undefined;
  readonly delimiter?: ',' | ';' | '\t' | '|' | undefined;
  readonly encoding?: 'utf-8' | 'windows-1251' | undefined;
}

export type FeedSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

export interface Feed {
  readonly feedId: string;
  readonly code: string;
  readonly name: string;
  readonly kind: FeedKind;
  readonly source: FeedSource | null;
  readonly options: FeedOptions;
  readonly schedule: string | null;
  readonly zone: string;
  readonly active: boolean;
  readonly dueAt: Instant | null;
  readonly updatedAt: Instant;
}

/** What a file says, one after the other. `goods` come with names; `offers` are prices and variants of goods (1C). */
export type FeedEvent =
  | { readonly type: 'category'; readonly line: number; readonly category: FeedCategory }
  | { readonly type: 'item'; readonly line: number; readonly item: FeedItem }
  | {
      readonly type: 'problem';
      readonly line: number;
      readonly item: string | null;
      readonly code: string;
      readonly detail: string;
    }
  /** The file lists all there is of a part, not only changes: what it lacks may be archived. */
  | { readonly type: 'whole'; readonly part: FeedPart }
  /** The file cannot be read further. Nothing of it is taken. */
  | { readonly type: 'broken'; readonly line: number | null; readonly code: string; readonly detail: string };

export type FeedPart = 'goods' | 'offers';

export interface FeedCategory {
  readonly code: string;
  readonly parentCode: string | null;
  readonly name: string;
}

export interface FeedItem {
  readonly part: FeedPart;
  readonly sku: string | null;
  /** The source's own id; kept as external:<system> when it is not the article itself. */
  readonly externalId: string | null;
  readonly variantOf: string | null;
  readonly mode: 'upsert' | 'update' | 'archive';
  readonly fields: ProductFields;
}

export interface ReadOptions extends FeedOptions {
  readonly kind: FeedKind;
  /** Prices in another currency are not taken. */
  readonly currency: string;
  readonly bytesMax: number;
}

/** Reads a file in constant memory, whatever it holds; answers events in small lists. */
export interface FeedReader {
  read(file: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncIterable<readonly FeedEvent[]>;
}

export type FeedOpened =
  | { readonly ok: true; readonly file: AsyncIterable<Uint8Array> }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** Gets the file of a feed: by HTTP or from the server's folder of feeds. */
export interface FeedFiles {
  open(source: FeedSource): Promise<FeedOpened>;
}

/** The next time a cron text comes up after an instant, in a zone; null when the text is no schedule. */
export interface Schedules {
  next(schedule: string, zone: string, after: Instant): Instant | null;
}

export interface FeedRun {
  readonly runId: string;
  readonly feedId: string | null;
  readonly kind: FeedKind;
  readonly status: 'running' | 'done' | 'failed';
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly counts: RunCounts;
  readonly failure: { readonly code: string; readonly line: number | null; readonly detail: string } | null;
}

export interface RunCounts {
  readonly items: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly archived: number;
  readonly problems: number;
}

export const noCounts: RunCounts = { items: 0, added: 0, changed: 0, unchanged: 0, archived: 0, problems: 0 };

export interface FeedProblem {
  readonly problemNo: number;
  readonly line: number | null;
  readonly item: string | null;
  readonly code: string;
  readonly detail: string;
}

const archivePercentDefault = 30;
/** A small catalog may lose most of itself honestly. */
const archiveAlwaysMax = 20;

/** Whether so many products missing from a whole file are believed, or the file is taken for a torn one. */
export function mayArchive(missing: number, owned: number, percentMax: number | undefined): boolean {
  return missing <= archiveAlwaysMax || missing * 100 <= owned * (percentMax ?? archivePercentDefault);
}
