import type { Instant } from '#kernel/time.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import type { Feed, FeedKind, FeedOptions, FeedSource } from '../domain/feed.ts';

interface FeedRow {
  feed_id: string;
  code: string;
  name: string;
  kind: string;
  source: FeedSource | null;
  options: FeedOptions;
  schedule: string | null;
  zone: string;
  active: boolean;
  due_at: Instant | null;
  updated_at: Instant;
}

const columns = 'feed_id, code, name, kind, source, options, schedule, zone, active, due_at, updated_at';
const find = statement<FeedRow>('catalog.find_feed', `select ${columns} from catalog.feed where code = $1`);
const findId = statement<FeedRow>('catalog.find_feed_by_id', `select ${columns} from catalog.feed where feed_id = $1`);
const page = statement<FeedRow>(
  'catalog.page_feeds',
  `select ${columns} from catalog.feed where $1::text is null or code > $1 order by code limit $2`,
);
const lockDue = statement<FeedRow>(
  'catalog.lock_due_feed',
  `select ${columns} from catalog.feed where due_at <= $1 order by due_at limit 1 for update skip locked`,
);
const upsert = statement<never>(
  'catalog.upsert_feed',
  `insert into catalog.feed (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
   on conflict (code) do update set name = excluded.name, source = excluded.source, options = excluded.options, schedule = excluded.schedule,
     zone = excluded.zone, active = excluded.active, due_at = excluded.due_at, updated_at = excluded.updated_at`,
);
const setDue = statement<never>('catalog.set_feed_due', 'update catalog.feed set due_at = $2 where feed_id = $1');

function toFeed(row: FeedRow): Feed {
  return {
    feedId: row.feed_id,
    code: row.code,
    name: row.name,
    kind: row.kind as FeedKind,
    source: row.source,
    options: row.options,
    schedule: row.schedule,
    zone: row.zone,
    active: row.active,
    dueAt: row.due_at,
    updatedAt: row.updated_at,
  };
}

export async function findFeed(db: Db, code: string): Promise<Feed | null> {
  const [row] = await db.run(find, [code]);
  return row === undefined ? null : toFeed(row);
}

export async function findFeedById(db: Db, feedId: string): Promise<Feed | null> {
  const [row] = await db.run(findId, [feedId]);
  return row === undefined ? null : toFeed(row);
}

export async function pageFeeds(db: Db, after: string | null, limit: number): Promise<Feed[]> {
  return (await db.run(page, [after, limit])).map(toFeed);
}

/** The feed that has waited longest, locked; another worker takes the next one. */
export async function lockDueFeed(tx: Tx, now: Instant): Promise<Feed | null> {
  const [row] = await tx.run(lockDue, [now]);
  return row === undefined ? null : toFeed(row);
}

export async function saveFeed(tx: Tx, feed: Feed): Promise<void> {
  await tx.run(upsert, [
    feed.feedId,
    feed.code,
    feed.name,
    feed.kind,
    feed.source,
    feed.options,
    feed.schedule,
    feed.zone,
    feed.active,
    feed.dueAt,
    feed.updatedAt,
  ]);
}

export async function setFeedDue(tx: Tx, feedId: string, dueAt: Instant | null): Promise<void> {
  await tx.run(setDue, [feedId, dueAt]);
}
