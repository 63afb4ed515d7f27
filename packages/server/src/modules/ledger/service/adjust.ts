import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { factNo, recordFacts } from '#platform/facts.ts';
import type { Caller } from '#platform/http/caller.ts';
import { forgiveDebts } from '../domain/debts.ts';
import type { Figures } from '../domain/figures.ts';
import { grant } from '../domain/grant.ts';
import { datesOfGrant, type GrantDates, type GrantTerms } from '../domain/grant-dates.ts';
import { takeByHand } from '../domain/spend.ts';
import { changeAccount } from './change-account.ts';
import { contextOf, type LedgerDeps, type LedgerMember } from './deps.ts';

export type MemberRefusal = { readonly code: 'member_not_found' } | { readonly code: 'member_erased' };

export interface AdjustCommand {
  readonly memberId: string;
  readonly kind: 'grant' | 'take';
  readonly points: Points;
  readonly reason: string;
  readonly terms: GrantTerms;
  readonly by: Caller;
  readonly now: Instant;
}

export type AdjustRefusal =
  | MemberRefusal
  | { readonly code: 'adjustment_too_large'; readonly field: '/points'; readonly details: { readonly maximum: number } }
  | { readonly code: 'not_enough_points'; readonly field: '/points'; readonly details: { readonly available: number } }
  | { readonly code: 'term_impossible'; readonly field: '/burns_at' };

export interface Adjusted {
  readonly memberId: string;
  readonly adjustmentId: string;
  /** null: points were taken. */
  readonly lotId: string | null;
  readonly figures: Figures;
}

/** Points by hand: never without a reason, never over the limit, always on record. */
export async function adjustPoints(
  deps: LedgerDeps,
  command: AdjustCommand,
): Promise<Outcome<Adjusted, AdjustRefusal>> {
  if (command.points > deps.adjustMax) {
    return refused({ code: 'adjustment_too_large', field: '/points', details: { maximum: Number(deps.adjustMax) } });
  }
  return inTransaction(deps.db, async (tx): Promise<Outcome<Adjusted, AdjustRefusal>> => {
    const member = await living(tx, deps, command.memberId);
    if (!member.ok) return member;
    return adjustWithin(tx, deps, command, member.value);
  });
}

async function adjustWithin(
  tx: Tx,
  deps: LedgerDeps,
  command: AdjustCommand,
  member: LedgerMember,
): Promise<Outcome<Adjusted, AdjustRefusal>> {
  const { memberId } = member;
  const adjustmentId = deps.newId();
  const context = contextOf(deps, {
    now: command.now,
    zone: member.zone,
    causeKind: 'adjustment',
    causeId: adjustmentId,
  });
  const term = termOf(command, context.zone);
  if (!term.ok) return term;
  const changed = await changeAccount(tx, memberId, context, (state) => {
    if (command.kind === 'grant') return done({ ...grant(state, [term.value], context), isGrant: true });
    const taken = takeByHand(state, command.points, context);
    if (!taken.ok) return refused({ ...taken.refusal, field: '/points' as const });
    return done({ ...taken.value, lots: [], isGrant: false });
  });
  if (!changed.ok) return changed;
  const { figures, result, standing } = changed.value;
  const change = command.kind === 'grant' ? command.points : 0n - command.points;
  await onRecord(tx, deps, {
    command,
    memberId,
    action: 'points.adjust',
    after: { adjustment_id: adjustmentId, change, reason: command.reason },
  });
  await recordFacts(tx, [
    {
      memberId,
      factNo: factNo(standing.revision, 0),
      kind: 'points_adjusted',
      at: command.now,
      origin: 'live',
      data: { adjustment_id: adjustmentId, change },
    },
  ]);
  return done({ memberId, adjustmentId, lotId: result.lots[0]?.lotId ?? null, figures });
}

function termOf(command: AdjustCommand, zone: string) {
  const { terms, now } = command;
  const dates = datesOfGrant(terms, { now, zone });
  if (dates === null) {
    if (command.kind === 'grant') return refused({ code: 'term_impossible', field: '/burns_at' });
    return done(lotOfGrant(command, { startsAt: now, burnsAt: null }));
  }
  return done(lotOfGrant(command, dates));
}

function lotOfGrant({ terms, points: amount }: AdjustCommand, dates: GrantDates) {
  const { restriction, funder, paysDebt } = terms;
  const lot = { ...dates, restriction, funder, paysDebt, inactivityDays: null, points: amount };
  return { ...lot, source: 'adjustment' as const, rule: 'by_hand' };
}

export interface ForgiveCommand {
  readonly memberId: string;
  readonly reason: string;
  readonly by: Caller;
  readonly now: Instant;
}

export interface Forgiven {
  readonly memberId: string;
  readonly forgiven: Points;
  readonly figures: Figures;
}

/** The member owes nothing any more (R10). Forgiving nothing is no refusal. */
export async function forgiveDebtByHand(
  deps: LedgerDeps,
  command: ForgiveCommand,
): Promise<Outcome<Forgiven, MemberRefusal>> {
  return inTransaction(deps.db, async (tx): Promise<Outcome<Forgiven, MemberRefusal>> => {
    const member = await living(tx, deps, command.memberId);
    if (!member.ok) return member;
    const { memberId, zone } = member.value;
    const context = contextOf(deps, { now: command.now, zone, causeKind: 'adjustment', causeId: deps.newId() });
    const changed = await changeAccount<ReturnType<typeof forgiveDebts>, never>(tx, memberId, context, (state) =>
      done(forgiveDebts(state, context)),
    );
    if (!changed.ok) return changed;
    const { forgiven } = changed.value.result;
    await onRecord(tx, deps, {
      command,
      memberId,
      action: 'points.forgive_debt',
      after: { forgiven, reason: command.reason },
    });
    return done({ memberId, forgiven: points(forgiven), figures: changed.value.figures });
  });
}

async function living(tx: Tx, deps: LedgerDeps, memberId: string): Promise<Outcome<LedgerMember, MemberRefusal>> {
  const member = await deps.members.resolve(tx, memberId);
  if (member === null) return refused({ code: 'member_not_found' });
  return member.status === 'erased' ? refused({ code: 'member_erased' }) : done(member);
}

interface OnRecord {
  readonly command: Pick<AdjustCommand, 'by' | 'now'>;
  readonly memberId: string;
  readonly action: string;
  readonly after: unknown;
}

function onRecord(tx: Tx, deps: LedgerDeps, { command, memberId, action, after }: OnRecord): Promise<void> {
  return recordAudit(tx, {
    now: command.now,
    newId: deps.newId,
    caller: command.by,
    action,
    subject: { kind: 'member', id: memberId },
    before: null,
    after,
  });
}
