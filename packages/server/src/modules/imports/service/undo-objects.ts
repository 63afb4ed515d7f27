import { points, sumPoints } from '#kernel/points.ts';
import { archiveProduct, closeShop } from '#modules/catalog/index.ts';
import {
  figuresOf,
  type LedgerContext,
  type LotHistory,
  loadAccounts,
  loadLotsOfCause,
  type Movements,
  saveMovements,
  settle,
  takeBack,
} from '#modules/ledger/index.ts';
import { removeImportedCode } from '#modules/promotions/index.ts';
import { lockStandings, nextRevision, type Standing, saveStandings, withFigures } from '#modules/standing/index.ts';
import { all, inTransaction, type Tx } from '#platform/db.ts';
import { factNo, recordFacts } from '#platform/facts.ts';
import type { FileImport } from '../domain/import.ts';
import { forgetMade, type MadeObject, pageMadeObjects } from '../store/made-store.ts';
import { forgetTouched, relayRevisions } from '../store/touched-store.ts';
import { closeBatch } from './batch.ts';
import type { ImportsDeps } from './deps.ts';
import { withoutZeros } from './undo-members.ts';

const batchObjects = 500;
const factPlace = 720;

/** Codes, products, shops and lots; null: all are done. */
export async function undoObjects(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  const page = await pageMadeObjects(deps.db, one.importId, one.checkpoint.after ?? '', batchObjects);
  const last = page.at(-1);
  if (!last) return null;
  // The catalog's own use cases have transactions of their own and may be repeated.
  const inCatalog = await undoInCatalog(deps, one, page);
  return inTransaction(deps.db, async (tx) => {
    const undone = [...inCatalog, ...(await undoCodes(tx, page)), ...(await undoLots(tx, deps, one, page))];
    await forgetMade(tx, one.importId, undone);
    const made = withoutZeros({ undone: undone.length, kept_used: page.length - undone.length });
    return closeBatch(tx, deps, one, {
      made,
      problems: [],
      checkpoint: { after: last.objectId },
      finished: page.length,
    });
  });
}

/** What was sold stays in receipts: products are archived and shops closed. */
async function undoInCatalog(deps: ImportsDeps, one: FileImport, page: readonly MadeObject[]): Promise<string[]> {
  const undone: string[] = [];
  for (const { kind, objectId } of page) {
    if (kind === 'product') await archiveProduct(deps.catalog, objectId, one.requestedBy);
    else if (kind === 'shop') await closeShop(deps.catalog, objectId, one.requestedBy);
    else continue;
    undone.push(objectId);
  }
  return undone;
}

async function undoCodes(tx: Tx, page: readonly MadeObject[]): Promise<string[]> {
  const undone: string[] = [];
  for (const { kind, objectId } of page)
    if (kind === 'code' && (await removeImportedCode(tx, objectId))) undone.push(objectId);
  return undone;
}

/** By entry (R5), and only whole lots: of what was spent or held the rest stays with its member. */
async function undoLots(tx: Tx, deps: ImportsDeps, one: FileImport, page: readonly MadeObject[]): Promise<string[]> {
  const byMember = Map.groupBy(
    page.filter(({ kind }) => kind === 'lot'),
    ({ memberId }) => memberId ?? '',
  );
  const settings = deps.program()?.ledger;
  if (byMember.size === 0 || settings === undefined) return [];
  const now = deps.clock.now();
  const context: LedgerContext = {
    now,
    recordedAt: now,
    newId: deps.newId,
    settings,
    causeKind: 'import',
    causeId: one.importId,
    zone: deps.zone,
  };
  const standings = await lockStandings(tx, [...byMember.keys()]);
  const accounts = await loadAccounts(tx, [...standings.values()]);
  const undone: string[] = [];
  const saved: Standing[] = [];
  const movements: Movements[] = [];
  for (const [memberId, objects] of byMember) {
    const [standing, account] = [standings.get(memberId), accounts.get(memberId)];
    if (!standing || !account) continue;
    const asked = new Set(objects.map(({ objectId }) => objectId));
    const settled = settle(account, now, context);
    const history = (await loadLotsOfCause(tx, memberId, 'import', one.importId)).filter(({ lot }) =>
      asked.has(lot.lotId),
    );
    const free = history.filter(isUnused);
    undone.push(...free.map(({ lot }) => lot.lotId));
    const open = new Set(settled.state.lots.map(({ lotId }) => lotId));
    const lots = free.filter(({ lot }) => open.has(lot.lotId));
    if (lots.length === 0) continue;
    const amount = sumPoints(lots.map(({ lot }) => lot.remaining));
    const taken = takeBack(settled.state, { receiptId: one.importId, points: points(amount), lots }, context);
    movements.push(settled.movements, taken.movements);
    saved.push(nextRevision(withFigures(standing, figuresOf(taken.state, now))));
  }
  await writeLots(tx, one, { saved, movements, now });
  return undone;
}

/** Nothing of it was spent, held or used to pay a debt. What burned is gone by itself. */
function isUnused({ lot, entries }: LotHistory): boolean {
  const hasOnlyBurned = entries.every(({ kind, change }) => change > 0n || kind === 'expire');
  return hasOnlyBurned && lot.held === 0n && (lot.remaining === lot.amount || lot.remaining === 0n);
}

interface LotWrites {
  readonly saved: readonly Standing[];
  readonly movements: readonly Movements[];
  readonly now: LedgerContext['now'];
}

async function writeLots(tx: Tx, one: FileImport, { saved, movements, now }: LotWrites): Promise<void> {
  const facts = saved.map(({ memberId, revision }) => ({
    ...{ memberId, factNo: factNo(revision, factPlace), kind: 'points_import_undone', at: now },
    ...{ origin: 'import' as const, data: { import_id: one.importId } },
  }));
  await all([saveMovements(tx, movements), saveStandings(tx, saved), recordFacts(tx, facts)]);
  const ids = saved.map(({ memberId }) => memberId);
  await relayRevisions(tx, one.importId, new Map(saved.map(({ memberId, revision }) => [memberId, revision])));
  await forgetTouched(tx, one.importId, ids);
}
