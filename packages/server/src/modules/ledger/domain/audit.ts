import type { Points } from '#kernel/points.ts';
import { type Instant, isBefore } from '#kernel/time.ts';
import type { Debt, Hold, Lot } from './account.ts';
import { heldBy } from './hold.ts';
import { nextChange } from './settle.ts';

/** All rows of one member, as they are stored, and what the entries add up to. */
export interface AuditedMember {
  readonly memberId: string;
  readonly lots: readonly Lot[];
  readonly holds: readonly Hold[];
  readonly debts: readonly Debt[];
  readonly entrySums: ReadonlyMap<string, bigint>;
  readonly debtPayments: ReadonlyMap<string, bigint>;
  readonly stored: StoredFigures;
}

export interface StoredFigures {
  readonly available: Points;
  readonly pending: Points;
  readonly reserved: Points;
  readonly debt: Points;
  readonly changesAt: Instant | null;
  readonly inactivityDeadline: Instant | null;
}

export interface AuditProblem {
  readonly memberId: string;
  readonly code:
    | 'lot_differs_from_entries'
    | 'entries_without_lot'
    | 'held_differs_from_holds'
    | 'hold_without_lot'
    | 'debt_differs_from_payments'
    | 'payments_without_debt'
    | 'figure_differs'
    | 'figures_valid_too_long'
    | 'member_without_standing';
  /** The lot, hold or debt, or the figure's name. */
  readonly subject: string;
  readonly stored: string;
  readonly recomputed: string;
}

/**
 * Every difference between what is stored and what the entries say (R5). Figures are compared with the lots as they are marked; that they are true by
 * time as well follows when they claim to be true no longer than until the next start or end (R7).
 */
export function auditMember(member: AuditedMember): AuditProblem[] {
  return [...auditLots(member), ...auditHolds(member), ...auditDebts(member), ...auditFigures(member)];
}

type Found = Omit<AuditProblem, 'memberId' | 'stored' | 'recomputed'>;

function problem(member: AuditedMember, found: Found, stored: bigint, recomputed: bigint): AuditProblem[] {
  if (stored === recomputed) return [];
  return [{ memberId: member.memberId, ...found, stored: stored.toString(), recomputed: recomputed.toString() }];
}

function auditLots(member: AuditedMember): AuditProblem[] {
  const known = new Set(member.lots.map((lot) => lot.lotId));
  const lots = member.lots.flatMap((lot) =>
    problem(
      member,
      { code: 'lot_differs_from_entries', subject: lot.lotId },
      lot.remaining,
      member.entrySums.get(lot.lotId) ?? 0n,
    ),
  );
  const strays = [...member.entrySums].filter(([lotId]) => !known.has(lotId));
  return [
    ...lots,
    ...strays.map(([lotId, sum]) => ({
      memberId: member.memberId,
      code: 'entries_without_lot' as const,
      subject: lotId,
      stored: 'no lot',
      recomputed: sum.toString(),
    })),
  ];
}

function auditHolds(member: AuditedMember): AuditProblem[] {
  const held = heldBy(member.holds);
  const known = new Set(member.lots.map((lot) => lot.lotId));
  const lots = member.lots.flatMap((lot) =>
    problem(member, { code: 'held_differs_from_holds', subject: lot.lotId }, lot.held, held.get(lot.lotId) ?? 0n),
  );
  const strays = [...held].filter(([lotId]) => !known.has(lotId));
  return [
    ...lots,
    ...strays.flatMap(([lotId, sum]) => problem(member, { code: 'hold_without_lot', subject: lotId }, 0n, sum)),
  ];
}

function auditDebts(member: AuditedMember): AuditProblem[] {
  const known = new Set(member.debts.map((debt) => debt.debtId));
  const debts = member.debts.flatMap((debt) => {
    const owed = debt.amount - debt.forgiven - (member.debtPayments.get(debt.debtId) ?? 0n);
    return problem(member, { code: 'debt_differs_from_payments', subject: debt.debtId }, debt.remaining, owed);
  });
  const strays = [...member.debtPayments].filter(([debtId]) => !known.has(debtId));
  return [
    ...debts,
    ...strays.flatMap(([debtId, paid]) =>
      problem(member, { code: 'payments_without_debt', subject: debtId }, 0n, paid),
    ),
  ];
}

function auditFigures(member: AuditedMember): AuditProblem[] {
  const { stored, lots } = member;
  const freeOf = (started: boolean) =>
    totalOf(lots.filter((lot) => lot.started === started).map((lot) => lot.remaining - lot.held));
  const differing = [
    ...problem(member, { code: 'figure_differs', subject: 'available' }, stored.available, freeOf(true)),
    ...problem(member, { code: 'figure_differs', subject: 'pending' }, stored.pending, freeOf(false)),
    ...problem(
      member,
      { code: 'figure_differs', subject: 'reserved' },
      stored.reserved,
      totalOf(lots.map((lot) => lot.held)),
    ),
    ...problem(
      member,
      { code: 'figure_differs', subject: 'debt' },
      stored.debt,
      totalOf(member.debts.map((debt) => debt.remaining)),
    ),
  ];
  const next = nextChange({ ...member, inactivityDeadline: stored.inactivityDeadline });
  const tooLong = next !== null && (stored.changesAt === null || isBefore(next, stored.changesAt));
  if (!tooLong) return differing;
  const until = { stored: stored.changesAt?.toString() ?? 'for ever', recomputed: next.toString() };
  return [...differing, { memberId: member.memberId, code: 'figures_valid_too_long', subject: 'changes_at', ...until }];
}

function totalOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
