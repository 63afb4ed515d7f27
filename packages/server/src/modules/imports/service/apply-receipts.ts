import { Temporal } from 'temporal-polyfill';
import { type Instant, localDate } from '#kernel/time.ts';
import type { ReplayAnswer, ReplayItem } from '#modules/checkout/index.ts';
import type { Tx } from '#platform/db.ts';
import { countBy } from '../domain/counts.ts';
import type { FileImport } from '../domain/import.ts';
import type { StagedReceiptLine } from '../domain/receipt-row.ts';
import type { StoredProblem } from '../store/problem-store.ts';
import { type StagedReceipt, stagedReceiptsAfter } from '../store/staged-rows.ts';
import { saveNewMembers } from '../store/touched-store.ts';
import { closeBatch, markMembers, rememberMembers, rowPlace } from './batch.ts';
import type { ImportsDeps } from './deps.ts';
import { partsOfGroup } from './stage-row.ts';

/** As many as checkout takes at once, and as many lines as memory is meant for. */
const most = { receipts: 1_000, lines: 12_000 };

/** The next receipts in the order of time; null: there are none. */
export async function applyReceipts(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  const next = await deps.db.inOne((tx) => applyBatch(tx, deps, one));
  if (next === null || one.mode !== 'replay') return next;
  const reached = next.checkpoint.virtualNow;
  if (reached !== undefined) await runDueBetween(deps, one.checkpoint.virtualNow, reached);
  return next;
}

async function applyBatch(tx: Tx, deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  const receipts = await stagedReceiptsAfter(tx, rowPlace(one), most);
  const last = receipts.at(-1);
  if (!last) return null;
  // Whom registration refused: their receipts are problems, not receipts of nobody.
  const isAnonymous = one.mapping.unknown_member === 'anonymous';
  const isWithout = (receipt: StagedReceipt) => receipt.memberKey !== '' && receipt.memberId === null && !isAnonymous;
  const taken = receipts.filter((receipt) => !isWithout(receipt));
  await rememberMembers(
    tx,
    deps,
    one.importId,
    taken.flatMap(({ memberId }) => memberId ?? []),
  );
  const options = { integration: one.mapping.integration, earn: one.mode === 'replay' };
  const origin = one.mode === 'replay' ? ('replay' as const) : ('import' as const);
  const answers = taken.length === 0 ? [] : await deps.replay(taken.map(itemOf), { ...options, origin });
  await keepTouched(tx, one.importId, taken, answers);
  const refused = receipts.filter(isWithout).flatMap((receipt) => problemsOf(receipt, 'member_not_made'));
  const problems = taken.flatMap((receipt, index) => {
    const answer = answers[index];
    return answer?.kind === 'problem' ? problemsOf(receipt, answer.code) : [];
  });
  return closeBatch(tx, deps, one, {
    made: countBy(taken, (receipt) => countedAs(receipt, answers[taken.indexOf(receipt)])),
    problems: [...refused, ...problems],
    checkpoint: { after: String(last.groupNo), virtualNow: last.at.toString() },
    finished: receipts.length,
  });
}

function countedAs(receipt: StagedReceipt, answer: ReplayAnswer | undefined): string {
  if (answer?.kind === 'saved') return partsOfGroup(receipt.groupKey).isReturn ? 'returns' : 'receipts';
  return answer?.kind === 'repeated' ? 'repeated' : 'receipts_refused';
}

function problemsOf(receipt: StagedReceipt, code: string): StoredProblem[] {
  return receipt.lines.map(({ rowNo }) => ({
    rowNo,
    code,
    field: 'receipt_id',
    detail: 'the whole receipt is left out',
  }));
}

function itemOf(receipt: StagedReceipt): ReplayItem {
  const { at, memberId } = receipt;
  const { isReturn, receiptId: id } = partsOfGroup(receipt.groupKey);
  const lines = receipt.lines.map(({ record }) => JSON.parse(record) as StagedReceiptLine);
  const [first] = lines;
  if (!first) throw new Error('a staged receipt without lines');
  const [shopCode] = first;
  if (isReturn) {
    const saleId = first[8];
    const returned = lines.map(([, sku, barcode, quantity, sum]) => ({
      sku: sku ?? barcode ?? '',
      quantity: BigInt(quantity),
      sum: BigInt(sum),
    }));
    return { kind: 'return', id, shopCode, at, saleId, memberId, lines: returned };
  }
  const redeemed = BigInt(first[7]);
  return {
    ...{ kind: 'sale', id, shopCode, at, memberId },
    lines: lines.map(([, sku, barcode, quantity, sum, discount, kind], index) => ({
      ...{ lineId: String(index + 1), sku, barcode, kind },
      quantity: BigInt(quantity),
      sum: BigInt(sum),
      tillDiscount: BigInt(discount),
    })),
    ...(redeemed > 0n ? { redeemedPoints: redeemed } : {}),
  };
}

async function keepTouched(
  tx: Tx,
  importId: string,
  taken: readonly StagedReceipt[],
  answers: readonly ReplayAnswer[],
): Promise<void> {
  const counts = new Map<string, number>();
  const alone: string[] = [];
  for (const [index, receipt] of taken.entries()) {
    const answer = answers[index];
    if (answer?.kind !== 'saved') continue;
    if (receipt.memberId === null) alone.push(answer.memberId);
    else
      counts.set(
        answer.memberId,
        (counts.get(answer.memberId) ?? 0) + (partsOfGroup(receipt.groupKey).isReturn ? 0 : 1),
      );
  }
  await saveNewMembers(
    tx,
    importId,
    alone.map((memberId) => ({ memberId, isNew: true, revision: null })),
  );
  await markMembers(tx, importId, counts);
}

/**
 * Burns and tier reviews of those who do not buy, when the receipts' own clock has passed midnight: not with every batch, because finding who is due
 * looks at everyone. Who buys is settled by the purchase itself.
 */
async function runDueBetween(deps: ImportsDeps, from: string | undefined, to: string): Promise<void> {
  const reached = Temporal.Instant.from(to);
  const day = (text: string) => localDate(Temporal.Instant.from(text), deps.zone);
  if (from !== undefined && day(from).equals(day(to))) return;
  await runDueUpTo(deps, reached);
}

const chunksMax = 1_000_000;

export async function runDueUpTo(deps: ImportsDeps, now: Instant): Promise<void> {
  for (const work of deps.dueWork()) {
    for (let chunk = 0; chunk < chunksMax; chunk += 1) {
      if ((await work.runDue(now)) === 0) break;
    }
  }
}
