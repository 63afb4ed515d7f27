import { readStandings } from '#modules/standing/index.ts';
import type { Tx } from '#platform/db.ts';
import { addCounts, type MadeCounts } from '../domain/counts.ts';
import type { Checkpoint, FileImport } from '../domain/import.ts';
import { advanceImport } from '../store/import-store.ts';
import { type StoredProblem, saveProblems } from '../store/problem-store.ts';
import { keepBefore, moveRevisions } from '../store/touched-store.ts';
import type { ImportsDeps } from './deps.ts';

/** What one batch did. */
export interface BatchResult {
  readonly made: MadeCounts;
  readonly problems: readonly StoredProblem[];
  readonly checkpoint: Checkpoint;
  readonly finished: number;
}

/** The end of every batch, in its own transaction: what it made, its problem rows and the checkpoint are there together or not at all. */
export async function closeBatch(tx: Tx, deps: ImportsDeps, one: FileImport, result: BatchResult): Promise<FileImport> {
  await saveProblems(tx, one.importId, result.problems);
  const problems = result.problems.length > 0 ? { problems: result.problems.length } : {};
  const next: FileImport = {
    ...one,
    made: addCounts(addCounts(one.made, result.made), problems),
    checkpoint: { ...one.checkpoint, ...result.checkpoint },
    finished: one.finished + result.finished,
  };
  await advanceImport(tx, next, deps.clock.now());
  return next;
}

/** Before members are changed: how they were. */
export async function rememberMembers(
  tx: Tx,
  deps: ImportsDeps,
  importId: string,
  memberIds: readonly string[],
): Promise<void> {
  const standings = await readStandings(tx, [...new Set(memberIds)]);
  const revisions = new Map([...standings.values()].map(({ memberId, revision }) => [memberId, revision]));
  await keepBefore(tx, importId, { revisions, tables: deps.memberTables() });
}

/** After members were changed: where the import left them, and how many receipts it gave each. */
export async function markMembers(tx: Tx, importId: string, receipts: ReadonlyMap<string, number>): Promise<void> {
  const standings = await readStandings(tx, [...receipts.keys()]);
  const moved = [...standings.values()].map(({ memberId, revision }) => ({
    memberId,
    revision,
    receipts: receipts.get(memberId) ?? 0,
  }));
  await moveRevisions(tx, importId, moved);
}

export function rowPlace(one: FileImport): number {
  return Number(one.checkpoint.after ?? 0);
}
