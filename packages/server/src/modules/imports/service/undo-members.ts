import { lockStandings } from '#modules/standing/index.ts';
import { all, type Tx } from '#platform/db.ts';
import type { FileImport } from '../domain/import.ts';
import { findSoldSince } from '../store/till-receipts.ts';
import { forgetTouched, pageTouchedMembers, restoreMembers, type TouchedMember } from '../store/touched-store.ts';
import { closeBatch } from './batch.ts';
import type { ImportsDeps } from './deps.ts';

const batchMembers = 500;

/**
 * Members, their progress and their receipts go as they came: whole. Nothing happened to them but this import, so there is nothing that an entry would
 * have to explain. Who has lived on since (the standing's revision moved, or a till sold to them) stays as they are. null: all are done.
 */
export function undoMembers(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  return deps.db.inOne(async (tx) => {
    const page = await pageTouchedMembers(tx, one.importId, one.checkpoint.after ?? firstId, batchMembers);
    const last = page.at(-1);
    if (!last) return null;
    const kept = await keptOnes(tx, one, page);
    const undone = page.filter(({ memberId }) => !kept.has(memberId)).map(({ memberId }) => memberId);
    await restoreMembers(tx, one.importId, undone, deps.memberTables());
    await forgetTouched(tx, one.importId, undone);
    const reasons = [...kept.values()];
    const made = {
      undone: undone.length,
      kept_changed_since: reasons.filter((reason) => reason === 'changed_since').length,
      kept_bought_since: reasons.filter((reason) => reason === 'bought_since').length,
    };
    return closeBatch(tx, deps, one, {
      made: withoutZeros(made),
      problems: [],
      checkpoint: { after: last.memberId },
      finished: page.length,
    });
  });
}

const firstId = '00000000-0000-0000-0000-000000000000';

export function withoutZeros(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Whose later life depends on what the import made, and why. */
async function keptOnes(
  tx: Tx,
  one: FileImport,
  page: readonly TouchedMember[],
): Promise<Map<string, 'changed_since' | 'bought_since'>> {
  const members = page.filter(({ revision }) => revision !== null);
  const locking = lockStandings(
    tx,
    members.map(({ memberId }) => memberId),
  );
  const selling = findSoldSince(
    tx,
    page.map(({ memberId }) => memberId),
    one.startedAt ?? one.createdAt,
  );
  await all([locking, selling]);
  const [standings, sold] = [await locking, await selling];
  const kept = new Map<string, 'changed_since' | 'bought_since'>();
  for (const { memberId, revision } of members) {
    if (standings.get(memberId)?.revision !== revision) kept.set(memberId, 'changed_since');
  }
  for (const memberId of sold) kept.set(memberId, 'bought_since');
  return kept;
}
