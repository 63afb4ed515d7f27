import { joinMovements, saveMovements } from '#modules/ledger/index.ts';
import { takeLimits } from '#modules/promotions/index.ts';
import { saveStandings } from '#modules/standing/index.ts';
import { saveTierChanges, saveTierProgress } from '#modules/tiers/index.ts';
import { all, type Tx } from '#platform/db.ts';
import { saveFiscal } from '../store/fiscal-keys.ts';
import { saveKeys } from '../store/receipt-keys.ts';
import { saveLines } from '../store/receipt-lines.ts';
import { saveReceipts } from '../store/receipts.ts';
import type { Replaying } from './replay.ts';
import type { ReplayedSale } from './replay-decide.ts';
import type { ReplayStates } from './replay-load.ts';

/** The same store functions as a till's sale, with many rows each. */
export async function saveReplayed(
  tx: Tx,
  { deps }: Replaying,
  replayed: readonly ReplayedSale[],
  states: ReplayStates,
): Promise<void> {
  if (replayed.length === 0) return;
  const sales = replayed.map(({ saved }) => saved);
  const receipts = sales.map(({ record }) => record.receipt);
  const writes: Promise<unknown>[] = [
    saveKeys(
      tx,
      replayed.map(({ key }) => key),
    ),
    saveReceipts(tx, receipts),
    saveLines(
      tx,
      sales.map(({ record }) => ({
        memberId: record.receipt.memberId,
        receiptId: record.receipt.receiptId,
        lines: record.lines,
      })),
    ),
  ];
  for (const { fiscal, record } of sales) if (fiscal.length > 0) writes.push(saveFiscal(tx, record.receipt, fiscal));
  const bought = new Set(receipts.filter((receipt) => receipt.hasMember).map((receipt) => receipt.memberId));
  if (bought.size > 0) {
    writes.push(saveMovements(tx, movementsByMember(sales)));
    writes.push(
      saveStandings(
        tx,
        [...bought].flatMap((memberId) => states.get(memberId)?.standing ?? []),
      ),
    );
    writes.push(
      ...tierWrites(
        tx,
        sales,
        [...bought].flatMap((memberId) => states.get(memberId) ?? []),
        deps.newId,
      ),
    );
  }
  for (const sale of sales) {
    const { receipt } = sale.record;
    writes.push(
      takeLimits(tx, sale.uses, {
        memberId: receipt.memberId,
        receiptId: receipt.receiptId,
        at: receipt.at,
        day: sale.day,
        forced: true,
        newId: deps.newId,
      }),
    );
  }
  await all(writes);
}

type Sales = readonly ReplayedSale['saved'][];

function movementsByMember(sales: Sales) {
  const byMember = new Map<string, Sales[number]['movements'][]>();
  for (const { record, movements } of sales) {
    if (!record.receipt.hasMember) continue;
    const known = byMember.get(record.receipt.memberId);
    if (known) known.push(movements);
    else byMember.set(record.receipt.memberId, [movements]);
  }
  return [...byMember.values()].map((movements) =>
    movements.length === 1 && movements[0] ? movements[0] : joinMovements(...movements),
  );
}

function tierWrites(
  tx: Tx,
  sales: Sales,
  states: readonly NonNullable<Sales[number]['state']>[],
  newId: () => string,
): Promise<unknown>[] {
  const writes: Promise<unknown>[] = [];
  for (const { record, tiers, tierChanges } of sales) {
    if (tierChanges.length === 0) continue;
    const causeId = record.receipt.receiptId;
    const changes = tierChanges.map((change) => ({ change, causeId: change.cause === 'purchase' ? causeId : null }));
    writes.push(saveTierChanges(tx, changes, { tiers, now: record.receipt.at, newId }));
  }
  const progress = states.flatMap(({ memberId, progress: counted }) =>
    counted !== null && counted.unsaved.length > 0 ? [{ memberId, unsaved: counted.unsaved }] : [],
  );
  if (progress.length > 0) writes.push(saveTierProgress(tx, progress));
  return writes;
}
