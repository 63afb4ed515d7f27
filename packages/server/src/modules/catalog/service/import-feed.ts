import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction } from '#platform/db.ts';
import type { Feed, FeedKind, FeedOptions, FeedPart, FeedRun } from '../domain/feed.ts';
import { findFeedById } from '../store/feed-store.ts';
import { clearItems } from '../store/item-store.ts';
import { endRun, findRun, forgetOldRuns, giveUpSilentRuns, startRun } from '../store/run-store.ts';
import { applyCategories, applyItems, archiveMissing } from './apply-feed.ts';
import { type Actor, audit, type ImportDeps } from './deps.ts';
import { runLog } from './run-log.ts';
import { stageFeed } from './stage-feed.ts';

export interface FeedFile {
  readonly kind: FeedKind;
  readonly file: AsyncIterable<Uint8Array>;
  /** The feed that owns what comes in; without one nothing is ever archived. */
  readonly feedId?: string;
  /** Instead of the feed's own. */
  readonly options?: FeedOptions;
  readonly actor: Actor;
  readonly bytesMax?: number;
}

export interface ImportProgress {
  readonly step: 'reading' | 'applying' | 'archiving';
  readonly items: number;
  readonly problems: number;
}

export type ImportRefusal =
  | { readonly code: 'feed_not_found' }
  | { readonly code: 'kind_differs' }
  | { readonly code: 'feed_running' };

const bytesMaxDefault = 2 * 1024 ** 3;
const silentMinutesMax = 10;
const runsKept = 50;

/** What the steps of one run share. */
export interface RunContext {
  readonly deps: ImportDeps;
  readonly runId: string;
  readonly feedId: string | null;
  readonly options: FeedOptions;
  /** external:<system>: the kind under which the source's own ids are kept. */
  readonly codeKind: `external:${string}`;
  readonly log: ReturnType<typeof runLog>;
  readonly report: (step: ImportProgress['step']) => void;
}

const systems: Readonly<Record<FeedKind, string>> = { yml: 'yml', commerceml: '1c', csv: 'csv' };

/**
 * Reads a file to its end into a staging table, then applies it in batches of 1,000 products, each with its transaction. A file that breaks
 * off changes nothing; a process that dies while applying leaves whole batches, and the next run finishes the work.
 */
export async function importFeed(
  deps: ImportDeps,
  command: FeedFile,
  progress: (progress: ImportProgress) => void = () => {},
): Promise<Outcome<FeedRun, ImportRefusal>> {
  const feed = command.feedId === undefined ? null : await findFeedById(deps.db, command.feedId);
  if (command.feedId !== undefined && feed === null) return refused({ code: 'feed_not_found' });
  if (feed !== null && feed.kind !== command.kind) return refused({ code: 'kind_differs' });
  const runId = deps.newId();
  const now = deps.clock.now();
  await giveUpSilentRuns(deps.db, now, now.subtract({ minutes: silentMinutesMax }));
  const started = await startRun(deps.db, { runId, feedId: feed?.feedId ?? null, kind: command.kind, now });
  if (!started) return refused({ code: 'feed_running' });
  const context = contextOf(deps, { runId, feed, command, progress });
  const failure = await runSteps(context, command).catch(async (error: unknown) => {
    const detail = 'an error of ours; the log has it';
    await finish(context, { code: 'internal', line: null, detail }, command.actor);
    throw error;
  });
  await finish(context, failure, command.actor);
  await deps.catalog.refresh();
  const run = await findRun(deps.db, runId);
  if (run === null) throw new Error('the run is gone');
  return done(run);
}

function contextOf(
  deps: ImportDeps,
  run: {
    readonly runId: string;
    readonly feed: Feed | null;
    readonly command: FeedFile;
    readonly progress: (progress: ImportProgress) => void;
  },
): RunContext {
  const options = run.command.options ?? run.feed?.options ?? {};
  const log = runLog(deps.db, deps.clock, run.runId);
  return {
    deps,
    log,
    options,
    runId: run.runId,
    feedId: run.feed?.feedId ?? null,
    codeKind: `external:${options.system ?? systems[run.command.kind]}`,
    report: (step) => {
      const { items, problems } = log.counts();
      run.progress({ step, items, problems });
    },
  };
}

async function runSteps(context: RunContext, command: FeedFile): Promise<FeedRun['failure']> {
  const { deps, options } = context;
  const bytesMax = command.bytesMax ?? bytesMaxDefault;
  const reading = { ...options, kind: command.kind, currency: deps.currency, bytesMax };
  const staged = await stageFeed(context, deps.feedReader.read(command.file, reading));
  if (staged.failure !== null) return staged.failure;
  const categories = await applyCategories(context, staged.categories);
  const parts: readonly FeedPart[] = ['goods', 'offers'];
  for (const part of parts) await applyItems(context, part, categories);
  if (context.feedId !== null && options.archive_missing !== false) {
    for (const part of parts) if (staged.whole.has(part)) await archiveMissing(context, context.feedId, part);
  }
  return null;
}

async function finish(context: RunContext, failure: FeedRun['failure'], actor: Actor): Promise<void> {
  const { deps, runId, feedId, log } = context;
  await log.flush({ all: true });
  await inTransaction(deps.db, async (tx) => {
    const status = failure === null ? 'done' : 'failed';
    await endRun(tx, { runId, status, failure, now: deps.clock.now() });
    const after = { runId, status, failure, ...log.counts() };
    const subject = { kind: 'feed', id: feedId ?? 'file' } as const;
    await audit(tx, deps, { actor, subject, after, action: 'feed.run', before: null });
  });
  await clearItems(deps.db, runId);
  if (feedId !== null) await forgetOldRuns(deps.db, feedId, runsKept);
}
