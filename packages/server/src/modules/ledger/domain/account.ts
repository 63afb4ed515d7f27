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
  /** Lives until then though its own end is past: released or given back after it (R18, R22). What is free in one lot burns together. */
  readonly graceUntil: Instant | null;
  readonly restriction: Restriction | null;
  readonly funder: string | null;
  readonly paysDebt: boolean;
  /** Started already: its start was settled (debts paid). Not started = pending. */
  readonly started: boolean;
  readonly createdAt: Instant;
}

export type LotSource =
  | 'purchase'
  | 'promotion'
  | 'campaign'
  | 'adjustment'
  | 'import'
  | 'refund'
  | 'merge'
  | 'referral'
  | 'welcome';
export type CauseKind =
  | 'receipt'
  | 'return'
  | 'hold'
  | 'adjustment'
  | 'import'
  | 'merge'
  | 'expiry'
  | 'erasure'
  | 'debt'
  | 'campaign'
  | 'registration';

/** One movement of a lot with its cause. Append-only. */
export interface Entry {
  readonly memberId: string;
  readonly entryId: string;
  readonly lotId: string;
  readonly kind: EntryKind;
  readonly change: PointsChange;
  readonly causeKind: CauseKind;
  readonly causeId: string;
  /** When it is true: a burn's own instant (a revive carries the instant of the burn it undoes), a receipt's own time. */
  readonly at: Instant;
  readonly recordedAt: Instant;
}

/** earn +, redeem −, expire −, adjust ±, refund + (points given back to their lot), take_back − (earned points undone), pay_debt −, move ± (merge), revive + (a burn disproved). */
export type EntryKind =
  | 'earn'
  | 'redeem'
  | 'expire'
  | 'adjust'
  | 'refund'
  | 'take_back'
  | 'pay_debt'
  | 'move'
  | 'revive';

/** So many points of one lot. */
export interface LotSpend {
  readonly lotId: string;
  readonly points: Points;
}

/** Points set aside for an unpaid sale (R18). */
export interface Hold {
  readonly memberId: string;
  readonly holdId: string;
  readonly parts: readonly LotSpend[];
  readonly expiresAt: Instant;
}

/** Taken back though already spent (R10). remaining = amount − forgiven − what pay_debt entries of this debt say. */
export interface Debt {
  readonly memberId: string;
  readonly debtId: string;
  readonly amount: Points;
  readonly remaining: Points;
  /** No longer owed though unpaid: written off, forgiven, or moved with a merge. */
  readonly forgiven: Points;
  /** The receipt whose points were taken back or that spent what was not there: its own lots pay this debt first (R22). */
  readonly causeKind: CauseKind;
  readonly causeId: string;
  readonly createdAt: Instant;
  /** Written off then, unpaid. null: never. */
  readonly writtenOffAt: Instant | null;
}

/** What decisions are made on: every open lot (or, when only spending, as many as the sum needs), unpaid debts, open holds. */
export interface AccountState {
  readonly memberId: string;
  readonly lots: readonly Lot[];
  readonly debts: readonly Debt[];
  readonly holds: readonly Hold[];
  /** R9: the member's one deadline, from standing. */
  readonly inactivityDeadline: Instant | null;
}

/** A lot with all its entries: what a return has to know of the receipt's own lots. */
export interface LotHistory {
  readonly lot: Lot;
  readonly entries: readonly Entry[];
}
