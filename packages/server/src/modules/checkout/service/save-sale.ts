import type { Instant, PlainDate } from '#kernel/time.ts';
import { type Movements, saveMovements } from '#modules/ledger/index.ts';
import type { PromotionUse } from '#modules/program/index.ts';
import { takeLimits } from '#modules/promotions/index.ts';
import { saveStanding } from '#modules/standing/index.ts';
import {
  saveTierChanges,
  saveTierProgress,
  type TierChange,
  type TiersSection,
  tierFacts,
} from '#modules/tiers/index.ts';
import { all, type Tx } from '#platform/db.ts';
import { type Fact, recordFacts } from '#platform/facts.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { FactOrigin } from '../domain/receipt.ts';
import { saveFiscal } from '../store/fiscal-keys.ts';
import { replaceLines, saveLines } from '../store/receipt-lines.ts';
import { replaceReceiptRow, saveReceipts } from '../store/receipts.ts';
import type { SaleRecord } from './sale-command.ts';

/** What a decision about one sale asks to be written. */
export interface SavedSale {
  readonly record: SaleRecord;
  /** false: the rows exist (a hold that is edited or confirmed) and are replaced. */
  readonly isNew: boolean;
  /** null: a receipt without a member, which changes nobody. */
  readonly state: MemberState | null;
  readonly movements: Movements;
  readonly tiers: TiersSection;
  readonly tierChanges: readonly TierChange[];
  /** Uses to take now; a hold took its own already. */
  readonly uses: readonly PromotionUse[];
  /** Money was taken: limits do not stop it (R19). */
  readonly usesForced: boolean;
  /** Budgets quoted from memory that lie in lanes; absent: quoted under lock. */
  readonly laned?: ReadonlySet<string>;
  readonly day: PlainDate;
  readonly fiscal: readonly FiscalRequisites[];
  readonly facts: readonly Fact[];
  readonly newId: () => string;
}

/** All writes of a sale, sent at once; the caller sends COMMIT with them. Total limits come last: they are the hottest rows. */
export function saveSale(tx: Tx, saved: SavedSale): Promise<void> {
  const { receipt, lines } = saved.record;
  const rows = { memberId: receipt.memberId, receiptId: receipt.receiptId, lines };
  const writes: Promise<unknown>[] = saved.isNew
    ? [saveReceipts(tx, [receipt]), saveLines(tx, [rows])]
    : [replaceReceiptRow(tx, receipt), replaceLines(tx, rows)];
  if (saved.fiscal.length > 0) writes.push(saveFiscal(tx, receipt, saved.fiscal));
  const at = receipt.receivedAt;
  if (saved.state !== null)
    writes.push(
      saveMember(tx, {
        ...saved,
        state: saved.state,
        causeId: receipt.receiptId,
        now: at,
        origin: receipt.origin,
      }),
    );
  writes.push(
    takeLimits(tx, saved.uses, {
      memberId: receipt.memberId,
      countedBy: saved.state?.memberId ?? receipt.memberId,
      receiptId: receipt.receiptId,
      at,
      day: saved.day,
      forced: saved.usesForced,
      ...(saved.laned === undefined ? {} : { laned: saved.laned }),
      newId: saved.newId,
    }),
  );
  return all(writes);
}

/** What a use case did to a member: points, standing, tier, facts. */
export interface SavedMember {
  readonly state: MemberState;
  readonly movements: Movements;
  readonly tiers: TiersSection;
  readonly tierChanges: readonly TierChange[];
  /** What the use case tells besides the changes of the tier. */
  readonly facts: readonly Fact[];
  readonly origin: FactOrigin;
  readonly newId: () => string;
  /** The receipt, for a tier that it raised or lowered. */
  readonly causeId: string;
  readonly now: Instant;
}

export function saveMember(tx: Tx, saved: SavedMember): Promise<void> {
  const { state } = saved;
  const writes: Promise<unknown>[] = [saveMovements(tx, [saved.movements]), saveStanding(tx, state.standing)];
  if (saved.tierChanges.length > 0) {
    const changes = saved.tierChanges.map((change) => ({
      change,
      causeId: change.cause === 'purchase' || change.cause === 'return' ? saved.causeId : null,
    }));
    writes.push(saveTierChanges(tx, changes, { tiers: saved.tiers, now: saved.now, newId: saved.newId }));
  }
  if (state.progress !== null && state.progress.unsaved.length > 0)
    writes.push(saveTierProgress(tx, [{ memberId: state.memberId, unsaved: state.progress.unsaved }]));
  const { revision } = state.standing;
  const facts = [...saved.facts, ...tierFacts(saved.tierChanges, { revision, origin: saved.origin })];
  if (facts.length > 0) writes.push(recordFacts(tx, facts));
  return all(writes);
}
