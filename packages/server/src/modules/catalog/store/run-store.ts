import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { FeedKind, FeedProblem, FeedRun, RunCounts } from '../domain/feed.ts';
import { clearItems } from './item-store.ts';

interface RunRow {
  run_id: string;
  feed_id: string | null;
  kind: string;
  status: string;
  started_at: Instant;
  ended_at: Instant | null;
  items: number;
  added: number;
  changed: number;
  unchanged: number;
  archived: number;
  problems: number;
  failure: FeedRun['failure'];
}

const columns =
  'run_id, feed_id, kind, status, started_at, ended_at, items, added, changed, unchanged, archived, problems, failure';
const start = statement<{ run_id: string }>(
  'catalog.start_run',
  `insert into catalog.feed_run (run_id, feed_id, kind, status, started_at, beat_at) values ($1, $2, $3, 'running', $4, $4)
   on conflict (feed_id) where status = 'running' do nothing returning run_id`,
);
const giveUpSilent = statement<{ run_id: string }>(
  'catalog.give_up_silent_runs',
  `update catalog.feed_run set status = 'failed', ended_at = $1, failure = '{"code":"interrupted","line":null,"detail":"the process ended"}'
   where status = 'running' and beat_at < $2 returning run_id`,
);
const beat = statement<never>(
  'catalog.beat_run',
  `update catalog.feed_run set beat_at = $2, items = $3, added = $4, changed = $5, unchanged = $6, archived = $7, problems = $8
   where run_id = $1`,
);
const end = statement<never>(
  'catalog.end_run',
  'update catalog.feed_run set status = $2, ended_at = $3, failure = $4 where run_id = $1',
);
const last = statement<RunRow>(
  'catalog.last_runs',
  `select distinct on (feed_id) ${columns} from catalog.feed_run where feed_id = any($1) order by feed_id, run_no desc`,
);
const list = statement<RunRow>(
  'catalog.list_runs',
  `select ${columns} from catalog.feed_run where feed_id = $1 order by run_no desc limit $2`,
);
const find = statement<RunRow>('catalog.find_run', `select ${columns} from catalog.feed_run where run_id = $1`);
const forget = statement<never>(
  'catalog.forget_old_runs',
  `delete from catalog.feed_run where feed_id = $1 and run_id not in
   (select run_id from catalog.feed_run where feed_id = $1 order by run_no desc limit $2)`,
);

function toRun(row: RunRow): FeedRun {
  const { items, added, changed, unchanged, archived, problems } = row;
  return {
    runId: row.run_id,
    feedId: row.feed_id,
    kind: row.kind as FeedKind,
    status: row.status as FeedRun['status'],
    startedAt: row.started_at,
    endedAt: row.ended_at,
    counts: { items, added, changed, unchanged, archived, problems },
    failure: row.failure,
  };
}

/** False when this feed is being read already. */
export async function startRun(
  db: Db,
  run: { readonly runId: string; readonly feedId: string | null; readonly kind: FeedKind; readonly now: Instant },
): Promise<boolean> {
  return (await db.run(start, [run.runId, run.feedId, run.kind, run.now])).length > 0;
}

/** Runs that nobody has written to since `silentSince` died with their process. */
export async function giveUpSilentRuns(db: Db, now: Instant, silentSince: Instant): Promise<void> {
  const dead = await db.run(giveUpSilent, [now, silentSince]);
  for (const run of dead) await clearItems(db, run.run_id);
}

export async function beatRun(db: Db, runId: string, now: Instant, counts: RunCounts): Promise<void> {
  const { items, added, changed, unchanged, archived, problems } = counts;
  await db.run(beat, [runId, now, items, added, changed, unchanged, archived, problems]);
}

export async function endRun(
  db: Db,
  run: Pick<FeedRun, 'runId' | 'failure'> & { readonly status: 'done' | 'failed'; readonly now: Instant },
): Promise<void> {
  await db.run(end, [run.runId, run.status, run.now, run.failure]);
}

export async function lastRuns(db: Db, feedIds: readonly string[]): Promise<Map<string, FeedRun>> {
  const rows = await db.run(last, [feedIds]);
  return new Map(rows.map((row) => [row.feed_id ?? '', toRun(row)]));
}

export async function listRuns(db: Db, feedId: string, limit: number): Promise<FeedRun[]> {
  return (await db.run(list, [feedId, limit])).map(toRun);
}

export async function findRun(db: Db, runId: string): Promise<FeedRun | null> {
  const [row] = await db.run(find, [runId]);
  return row === undefined ? null : toRun(row);
}

export async function forgetOldRuns(db: Db, feedId: string, kept: number): Promise<void> {
  await db.run(forget, [feedId, kept]);
}

const addProblems = statement<never>(
  'catalog.add_problems',
  `insert into catalog.feed_problem (run_id, problem_no, line, item, code, detail)
   select $1::uuid, problem_no, line, item, code, detail
   from jsonb_to_recordset($2::jsonb) as item(problem_no integer, line integer, item text, code text, detail text)`,
);
const pageProblems = statement<{
  problem_no: number;
  line: number | null;
  item: string | null;
  code: string;
  detail: string;
}>(
  'catalog.page_problems',
  `select problem_no, line, item, code, detail from catalog.feed_problem where run_id = $1 and problem_no > $2 order by problem_no limit $3`,
);

export async function saveProblems(db: Db, runId: string, problems: readonly FeedProblem[]): Promise<void> {
  if (problems.length === 0) return;
  const rows = problems.map(({ problemNo, ...rest }) => ({ problem_no: problemNo, ...rest }));
  await db.run(addProblems, [runId, toJson(rows)]);
}

export async function listProblems(db: Db, runId: string, after: number, limit: number): Promise<FeedProblem[]> {
  const rows = await db.run(pageProblems, [runId, after, limit]);
  return rows.map(({ problem_no, ...rest }) => ({ problemNo: problem_no, ...rest }));
}
