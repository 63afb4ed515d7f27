import type { Instant } from '#kernel/time.ts';
import { readStandings } from '#modules/standing/index.ts';
import { inTransaction, sqlState } from '#platform/db.ts';
import { totalOf } from '../domain/counts.ts';
import { type FileImport, type ImportStatus, statusAfter } from '../domain/import.ts';
import {
  advanceImport,
  beginImport,
  endImport,
  findDueImport,
  findImport,
  isStopRequested,
} from '../store/import-store.ts';
import { whileAlone } from '../store/lock.ts';
import { countMade } from '../store/made-store.ts';
import { countTouched, moveRevisions, pageTouchedMembers } from '../store/touched-store.ts';
import { applyProducts, applyShops } from './apply-catalog.ts';
import { applyCodes } from './apply-codes.ts';
import { applyLots } from './apply-lots.ts';
import { applyMembers, makeMissingMembers } from './apply-members.ts';
import { applyProgress } from './apply-progress.ts';
import { applyReceipts, runDueUpTo } from './apply-receipts.ts';
import type { ImportsDeps } from './deps.ts';
import { stageFile } from './stage-file.ts';
import { undoMembers } from './undo-members.ts';
import { undoObjects } from './undo-objects.ts';

type Batch = (deps: ImportsDeps, one: FileImport) => Promise<FileImport | null>;

const applyOf: Readonly<Record<FileImport['kind'], Batch>> = {
  members: applyMembers,
  lots: applyLots,
  progress: applyProgress,
  codes: applyCodes,
  products: applyProducts,
  shops: applyShops,
  receipts: applyReceipts,
};

const undoesObjects: ReadonlySet<FileImport['kind']> = new Set(['lots', 'codes', 'products', 'shops']);

export interface SliceOptions {
  /** Give way after so many batches: other due work waits. */
  readonly batches: number;
  readonly onProgress?: (one: FileImport) => void;
  readonly signal?: AbortSignal;
}

/** The worker's share of the oldest queued import; 0: none is waiting, or another process is at it. */
export async function runDueImports(deps: ImportsDeps, now: Instant, options: SliceOptions): Promise<number> {
  const due = await findDueImport(deps.db, now);
  if (due === null) return 0;
  const worked = await whileAlone(deps.db, () => workOn(deps, due.importId, options));
  return worked === null ? 0 : 1;
}

/** Works on one import until it is over, stopped, or has had its batches. The caller is alone (`whileAlone`). */
export async function workOn(deps: ImportsDeps, importId: string, options: SliceOptions): Promise<FileImport | null> {
  const one = await findImport(deps.db, importId);
  if (one === null || one.task === null || (one.status !== 'queued' && one.status !== 'running')) return one;
  try {
    const begun = await begin(deps, one);
    if (begun !== null) await work(deps, begun, options);
  } catch (error) {
    // It can be asked for again and goes on from its checkpoint. The message may quote a row: it goes to the log's care, not into the table.
    await end(deps, one, { status: 'failed', failure: `an error of the program ${sqlState(error)}`.trim() });
    throw error;
  }
  return findImport(deps.db, importId);
}

/** Who was kept by an earlier try is looked at again. */
function withoutKept(made: FileImport['made']): FileImport['made'] {
  return Object.fromEntries(Object.entries(made).filter(([name]) => !name.startsWith('kept_')));
}

async function undoingOf(deps: ImportsDeps, one: FileImport): Promise<Partial<FileImport>> {
  const total = undoesObjects.has(one.kind)
    ? await countMade(deps.db, one.importId)
    : await countTouched(deps.db, one.importId);
  return { step: 'undoing', checkpoint: {}, finished: 0, total, made: withoutKept(one.made) };
}

/** null: it ended while reading. */
async function begin(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  const now = deps.clock.now();
  if (one.status === 'running') return one.task === 'undo' ? one : staged(deps, one);
  const isUndo = one.task === 'undo';
  const needsProgram =
    one.kind === 'lots' || one.kind === 'progress' || (one.kind === 'receipts' && one.mode === 'replay');
  if (one.task !== 'dry_run' && needsProgram && deps.program() === null) {
    await end(deps, one, { status: 'failed', failure: 'no program is published' });
    return null;
  }
  // An undo begins at the beginning whenever it is asked for: what is undone is no longer there.
  const begun: FileImport = isUndo ? { ...one, ...(await undoingOf(deps, one)) } : { ...one, step: 'reading' };
  await beginImport(deps.db, begun, now);
  return isUndo ? begun : staged(deps, begun);
}

async function staged(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  const read = await stageFile(deps, one);
  if (read.ok) return { ...one, found: read.value, total: totalOf(read.value) };
  const isStopped = read.refusal.code === 'stopped';
  await end(
    deps,
    one,
    isStopped ? { status: 'stopped', failure: null } : { status: 'failed', failure: read.refusal.details.reason },
  );
  return null;
}

async function work(deps: ImportsDeps, begun: FileImport, options: SliceOptions): Promise<void> {
  if (begun.task === 'dry_run') return end(deps, begun, { status: statusAfter('dry_run'), failure: null });
  let one = begun;
  for (let batches = 0; batches < options.batches; batches += 1) {
    if (options.signal?.aborted === true || (await isStopRequested(deps.db, one.importId))) {
      return end(deps, one, { status: 'stopped', failure: null });
    }
    const next = await step(deps, one);
    if (next === null) return finish(deps, one);
    one = next;
    options.onProgress?.(one);
  }
}

async function step(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  if (one.task === 'undo') return undoesObjects.has(one.kind) ? undoObjects(deps, one) : undoMembers(deps, one);
  const creates = one.kind === 'receipts' && one.mapping.unknown_member === 'create';
  if (creates && one.checkpoint.membersDone !== true) {
    const next = await makeMissingMembers(deps, { ...one, step: 'members' });
    if (next !== null) return next;
    const ready: FileImport = { ...one, step: 'applying', checkpoint: { membersDone: true } };
    await advanceImport(deps.db, ready, deps.clock.now());
    return ready;
  }
  return applyOf[one.kind](deps, { ...one, step: 'applying' });
}

async function finish(deps: ImportsDeps, one: FileImport): Promise<void> {
  if (one.task === 'run' && one.kind === 'receipts' && one.mode === 'replay') await settleAll(deps, one);
  const isWhole = !Object.keys(one.made).some((name) => name.startsWith('kept_'));
  await end(deps, one, { status: statusAfter(one.task ?? 'run', isWhole), failure: null });
}

/** The replay has reached today: what is due by now burns and is reviewed, as it would have been. Then members are where the import leaves them. */
async function settleAll(deps: ImportsDeps, one: FileImport): Promise<void> {
  await advanceImport(deps.db, { ...one, step: 'settling' }, deps.clock.now());
  await runDueUpTo(deps, deps.clock.now());
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await pageTouchedMembers(deps.db, one.importId, after, 1_000);
    const last = page.at(-1);
    if (!last) return;
    await inTransaction(deps.db, async (tx) => {
      const standings = await readStandings(
        tx,
        page.map(({ memberId }) => memberId),
      );
      await moveRevisions(
        tx,
        one.importId,
        [...standings.values()].map(({ memberId, revision }) => ({ memberId, revision, receipts: 0 })),
      );
    });
    after = last.memberId;
  }
}

async function end(
  deps: ImportsDeps,
  one: FileImport,
  ended: { status: ImportStatus; failure: string | null },
): Promise<void> {
  await endImport(deps.db, one.importId, { ...ended, step: 'none', now: deps.clock.now() });
}

/** For a caller that works on an import itself; null: another process imports. */
export function alone<Value>(deps: ImportsDeps, task: () => Promise<Value>): Promise<Value | null> {
  return whileAlone(deps.db, task);
}
