import type { Points, PointsChange } from '#kernel/points.ts';
import type { Restriction } from '#kernel/restriction.ts';
import type { Instant } from '#kernel/time.ts';

/** Points from one source with their own dates (R5). */
export interface Lot {
  readonly memberId: string;
  readonly lotId: string;
  readonly source: LotSource;
  /** 'base', a promotion's code, a campaign, an import … */
  readonly rule: string;
  /** What caused it: a receipt, an adjustment, a merge … */
  readonly causeKind: CauseKind;
  readonly causeId: string;
  readonly amount: Points;
  /** Sum of its entries. */
  readonly remaining: Points;
  /** The part of `remaining` that open holds have set aside. */
  readonly held: Points;
  readonly startsAt: Instant;
  /** Own end, exclusive; with inactivityDays it is the end of that many days after the lot's start and the member's deadline may be later (R9). null: never. */
  readonly burnsAt: Instant | null;
  readonly inactivityDays: number | null;
  readonly restriction: Restriction | null;
  readonly funder: string | null;
  readonly paysDebt: boolean;
  /** Started already: its start was settled (debts paid). */
  readonly started: boolean;
  readonly createdAt: Instant;
}

export type LotSource = 'purchase' | 'promotion' | 'campaign' | 'adjustment' | 'import' | 'refund' | 'merge' | 'referral' | 'welcome';
export type CauseKind = 'receipt' | 'return' | 'hold' | 'adjustment' | 'import' | 'merge' | 'expiry' | 'erasure' | 'debt' | 'campaign' | 'registration';

/** One movement of a lot with its cause. Append-only. */
export interface Entry {
  readonly memberId: string;
  readonly entryId: string;
  readonly lotId: string;
  readonly kind: EntryKind;
  readonly change: PointsChange;
  readonly causeKind: CauseKind;
  readonly causeId: string;
  /** When it is true: a burn's own instant, a receipt's own time. */
  readonly at: Instant;
  readonly recordedAt: Instant;
}

/** earn +, redeem −, expire −, adjust ±, refund + (points given back to their lot), take_back − (earned points undone), pay_debt −, move ± (merge), revive + (a burn disproved). */
export type EntryKind = 'earn' | 'redeem' | 'expire' | 'adjust' | 'refund' | 'take_back' | 'pay_debt' | 'move' | 'revive';

/** Points set aside for an unpaid sale (R18). */
export interface Hold {
  readonly memberId: string;
  readonly holdId: string;
  readonly parts: readonly { readonly lotId: string; readonly points: Points }[];
  readonly expiresAt: Instant;
}

/** Taken back though already spent (R10). */
export interface Debt {
  readonly memberId: string;
  readonly debtId: string;
  readonly amount: Points;
  readonly remaining: Points;
  readonly causeKind: CauseKind;
  readonly causeId: string;
  readonly createdAt: Instant;
  /** Written off then, unpaid. null: never. */
  readonly writtenOffAt: Instant | null;
}
