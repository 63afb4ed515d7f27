import { Temporal } from 'temporal-polyfill';
import { earlier, type Instant, isBefore } from '#kernel/time.ts';
import type { Db } from '#platform/db.ts';
import type { PastReceipt } from '../domain/past-receipt.ts';
import { type PastSlice, pagePastReceipts } from '../store/past-receipts.ts';

/** So few that other requests of the process wait for one page's calculation no longer than a blink. */
const pageSize = 250;
const beforeAll = '00000000-0000-0000-0000-000000000000';

const minute = 60_000;
const day = 24 * 60 * minute;
const sliceMax = 64 * day;

/**
 * All receipts of the period in the order of time, page by page. There is no index by time alone, so that tills do not pay for one: a page looks
 * at a slice of time, found shop by shop and sorted, and the slices grow and shrink until one holds about a page. The next page is read while
 * this one is worked on.
 */
export async function* readPast(db: Db, period: PastSlice): AsyncGenerator<readonly PastReceipt[]> {
  let reading: Promise<Step> | null = readStep(db, period, { at: period.from, afterId: beforeAll, span: day });
  try {
    while (reading !== null) {
      const { receipts, next }: Step = await reading;
      reading = next === null ? null : readStep(db, period, next);
      // Whoever stops listening early leaves one page unread: its failure is nobody's.
      reading?.catch(() => undefined);
      if (receipts.length > 0) yield receipts;
    }
  } finally {
    await reading?.catch(() => undefined);
  }
}

interface Place {
  readonly at: Instant;
  readonly afterId: string;
  /** How much time the next page looks at, in milliseconds. */
  readonly span: number;
}

interface Step {
  readonly receipts: readonly PastReceipt[];
  readonly next: Place | null;
}

async function readStep(db: Db, period: PastSlice, place: Place): Promise<Step> {
  const end = place.at.add(Temporal.Duration.from({ milliseconds: place.span }));
  const until = earlier(end, period.until) ?? period.until;
  const slice = { shopIds: period.shopIds, from: place.at, until };
  const receipts = await pagePastReceipts(db, slice, { afterId: place.afterId, limit: pageSize });
  const last = receipts.at(-1);
  if (receipts.length === pageSize && last)
    return {
      receipts,
      next: { at: last.at, afterId: last.receiptId, span: Math.max(minute, Math.floor(place.span / 2)) },
    };
  const span = receipts.length < pageSize / 2 ? Math.min(sliceMax, place.span * 2) : place.span;
  return { receipts, next: isBefore(until, period.until) ? { at: until, afterId: beforeAll, span } : null };
}
