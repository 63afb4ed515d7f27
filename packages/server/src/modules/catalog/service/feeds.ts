import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { type Db, inTransaction } from '#platform/db.ts';
import type {
  Feed,
  FeedFiles,
  FeedKind,
  FeedOptions,
  FeedProblem,
  FeedRun,
  FeedSource,
  Schedules,
} from '../domain/feed.ts';
import { isZone } from '../domain/shop.ts';
import { findFeed, lockDueFeed, pageFeeds, saveFeed, setFeedDue } from '../store/feed-store.ts';
import { endRun, findRun, lastRuns, listProblems, listRuns, startRun } from '../store/run-store.ts';
import { type Actor, audit, type ImportDeps } from './deps.ts';
import { importFeed } from './import-feed.ts';

export interface FeedDeps extends ImportDeps {
  readonly feedFiles: FeedFiles;
  readonly schedules: Schedules;
}

export interface FeedWithRun {
  readonly feed: Feed;
  readonly lastRun: FeedRun | null;
}

export interface PutFeed {
  readonly code: string;
  readonly name: string;
  readonly kind: FeedKind;
  readonly source: FeedSource | null;
  readonly options: FeedOptions;
  readonly schedule: string | null;
  readonly zone: string;
  readonly active: boolean;
}

export interface PutFeedRefusal {
  readonly code: 'unknown_zone' | 'bad_schedule' | 'columns_missing' | 'kind_fixed' | 'source_missing';
  readonly field: string;
}

export async function putFeed(
  deps: FeedDeps,
  put: PutFeed,
  actor: Actor,
): Promise<Outcome<FeedWithRun, PutFeedRefusal>> {
  const now = deps.clock.now();
  const saved = await inTransaction(deps.db, async (tx): Promise<Outcome<Feed, PutFeedRefusal>> => {
    const before = await findFeed(tx, put.code);
    const refusal = refusePut(put, before);
    if (refusal !== null) return refused(refusal);
    const next = put.schedule === null ? null : deps.schedules.next(put.schedule, put.zone, now);
    if (put.schedule !== null && next === null) return refused({ code: 'bad_schedule', field: '/schedule' });
    const dueAt = put.active ? next : null;
    const feed: Feed = { ...put, feedId: before?.feedId ?? deps.newId(), dueAt, updatedAt: now };
    await saveFeed(tx, feed);
    const subject = { kind: 'feed', id: feed.feedId } as const;
    await audit(tx, deps, { actor, subject, before, action: 'feed.put', after: feed });
    return done(feed);
  });
  if (!saved.ok) return saved;
  return done(await withRun(deps.db, saved.value));
}

function refusePut(put: PutFeed, before: Feed | null): PutFeedRefusal | null {
  if (!isZone(put.zone)) return { code: 'unknown_zone', field: '/zone' };
  if (before !== null && before.kind !== put.kind) return { code: 'kind_fixed', field: '/kind' };
  if (put.schedule !== null && put.source === null) return { code: 'source_missing', field: '/source' };
  const { columns } = put.options;
  if (put.kind === 'csv' && columns?.sku === undefined)
    return { code: 'columns_missing', field: '/options/columns/sku' };
  return null;
}

async function withRun(db: Db, feed: Feed): Promise<FeedWithRun> {
  const runs = await lastRuns(db, [feed.feedId]);
  return { feed, lastRun: runs.get(feed.feedId) ?? null };
}

type FeedNotFound = { readonly code: 'feed_not_found' };

export async function getFeed(db: Db, code: string): Promise<Outcome<FeedWithRun, FeedNotFound>> {
  const feed = await findFeed(db, code);
  return feed === null ? refused({ code: 'feed_not_found' }) : done(await withRun(db, feed));
}

export async function listFeeds(
  db: Db,
  query: { readonly after: string | null; readonly limit: number },
): Promise<{ readonly items: readonly FeedWithRun[]; readonly next: string | null }> {
  const found = await pageFeeds(db, query.after, query.limit + 1);
  const feeds = found.slice(0, query.limit);
  const runs = await lastRuns(
    db,
    feeds.map((feed) => feed.feedId),
  );
  const items = feeds.map((feed) => ({ feed, lastRun: runs.get(feed.feedId) ?? null }));
  return { items, next: found.length > query.limit ? (feeds.at(-1)?.code ?? null) : null };
}

/** Puts the feed first in the queue of due work. */
export async function requestRun(
  deps: FeedDeps,
  code: string,
  actor: Actor,
): Promise<Outcome<FeedWithRun, FeedNotFound | { readonly code: 'source_missing' | 'feed_inactive' }>> {
  const now = deps.clock.now();
  const answer = await inTransaction(deps.db, async (tx) => {
    const feed = await findFeed(tx, code);
    if (feed === null) return refused({ code: 'feed_not_found' });
    if (feed.source === null) return refused({ code: 'source_missing' });
    if (!feed.active) return refused({ code: 'feed_inactive' });
    await setFeedDue(tx, feed.feedId, now);
    const subject = { kind: 'feed', id: feed.feedId } as const;
    await audit(tx, deps, { actor, subject, action: 'feed.request', before: null, after: null });
    return done({ ...feed, dueAt: now });
  });
  return answer.ok ? done(await withRun(deps.db, answer.value)) : answer;
}

const runsShown = 50;

export async function feedRuns(db: Db, code: string): Promise<Outcome<readonly FeedRun[], FeedNotFound>> {
  const feed = await findFeed(db, code);
  return feed === null ? refused({ code: 'feed_not_found' }) : done(await listRuns(db, feed.feedId, runsShown));
}

export async function feedProblems(
  db: Db,
  run: { readonly code: string; readonly runId: string; readonly after: number; readonly limit: number },
): Promise<Outcome<readonly FeedProblem[], FeedNotFound | { readonly code: 'run_not_found' }>> {
  const feed = await findFeed(db, run.code);
  if (feed === null) return refused({ code: 'feed_not_found' });
  const found = await findRun(db, run.runId);
  if (found?.feedId !== feed.feedId) return refused({ code: 'run_not_found' });
  return done(await listProblems(db, run.runId, run.after, run.limit));
}

const runsAtOnceMax = 10;
const scheduler: Actor = { kind: 'system', id: 'feeds', name: 'schedule of feeds' };

/** Reads the feeds that are due, one after the other; answers how many. */
export async function runDueFeeds(deps: FeedDeps, now: Instant): Promise<number> {
  for (let count = 0; ; count += 1) {
    const feed = count < runsAtOnceMax ? await takeDue(deps, now) : null;
    if (feed === null) return count;
    await runFeed(deps, feed);
  }
}

/** The next time is written before the run: a file that kills the process is not tried for ever. */
async function takeDue(deps: FeedDeps, now: Instant): Promise<Feed | null> {
  return inTransaction(deps.db, async (tx) => {
    const feed = await lockDueFeed(tx, now);
    if (feed === null) return null;
    const next = feed.schedule === null || !feed.active ? null : deps.schedules.next(feed.schedule, feed.zone, now);
    await setFeedDue(tx, feed.feedId, next);
    return feed;
  });
}

async function runFeed(deps: FeedDeps, feed: Feed): Promise<void> {
  if (feed.source === null || !feed.active) return;
  const opened = await deps.feedFiles.open(feed.source);
  if (opened.ok) {
    await importFeed(deps, { kind: feed.kind, file: opened.file, feedId: feed.feedId, actor: scheduler });
    return;
  }
  const now = deps.clock.now();
  const runId = deps.newId();
  const started = await startRun(deps.db, { runId, feedId: feed.feedId, kind: feed.kind, now });
  const failure = { code: opened.code, line: null, detail: opened.detail };
  if (started) await endRun(deps.db, { runId, status: 'failed', failure, now });
}
