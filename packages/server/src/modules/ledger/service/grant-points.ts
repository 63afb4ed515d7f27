import { assert } from '#kernel/assert.ts';
import { type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { lockStandings, nextRevision, type Standing, saveStandings, withFigures } from '#modules/standing/index.ts';
import { all, type Tx } from '#platform/db.ts';
import { type FactOrigin, factNo, recordFacts } from '#platform/facts.ts';
import type { CauseKind, LotSource } from '../domain/account.ts';
import { type Figures, figuresOf } from '../domain/figures.ts';
import { grant } from '../domain/grant.ts';
import { datesOfGrant, type GrantTerms } from '../domain/grant-dates.ts';
import type { Movements } from '../domain/movements.ts';
import { settle } from '../domain/settle.ts';
import { loadAccounts, saveMovements } from '../store/account-store.ts';
import { contextOf, type LedgerDeps } from './deps.ts';

/** R44: locks of more members would be held for too long. */
export const grantsMax = 1_000;

export interface GrantTo {
  readonly memberId: string;
  /** The member's zone (R3); null: the installation's. */
  readonly zone: string | null;
  readonly points: Points;
}

export interface GrantOrder {
  /** At most `grantsMax`, each member once. */
  readonly to: readonly GrantTo[];
  readonly terms: GrantTerms;
  readonly source: LotSource;
  /** What a report counts these points by, such as the code of a campaign. */
  readonly rule: string;
  readonly cause: { readonly kind: CauseKind; readonly id: string };
  readonly origin: FactOrigin;
  readonly now: Instant;
}

export interface Granted {
  readonly memberId: string;
  readonly lotId: string;
  readonly points: Points;
  readonly startsAt: Instant;
  readonly burnsAt: Instant | null;
  /** The balance with them. */
  readonly figures: Figures;
}

/**
 * Points for many members at once, with dates in each member's own zone. Whom they would be over for already, and who has no standing, is left
 * out of the answer. That nobody gets them twice is the caller's to know (R36).
 */
export async function grantPoints(
  tx: Tx,
  deps: Pick<LedgerDeps, 'newId' | 'settings' | 'installationZone'>,
  order: GrantOrder,
): Promise<Granted[]> {
  assert(order.to.length <= grantsMax, `at most ${grantsMax} members at once`);
  const standings = await lockStandings(
    tx,
    order.to.map(({ memberId }) => memberId),
  );
  const accounts = await loadAccounts(tx, [...standings.values()]);
  const granted: Granted[] = [];
  const movements: Movements[] = [];
  const saved: Standing[] = [];
  for (const { memberId, zone, points: amount } of order.to) {
    const standing = standings.get(memberId);
    const account = accounts.get(memberId);
    const { now, cause, terms, source, rule } = order;
    const context = contextOf(deps, { now, zone, causeKind: cause.kind, causeId: cause.id });
    const dates = datesOfGrant(terms, { now, zone: context.zone });
    if (!standing || !account || dates === null) continue;
    const settled = settle(account, now, context);
    const { restriction, funder, paysDebt } = terms;
    const lot = { ...dates, points: amount, source, rule, restriction, funder, paysDebt, inactivityDays: null };
    const given = grant(settled.state, [lot], context);
    const figures = figuresOf(given.state, now);
    movements.push(settled.movements, given.movements);
    saved.push(nextRevision(withFigures({ ...standing, inactivityDeadline: given.state.inactivityDeadline }, figures)));
    granted.push({ memberId, lotId: given.lots[0]?.lotId ?? '', points: amount, ...dates, figures });
  }
  await all([saveMovements(tx, movements), saveStandings(tx, saved), tell(tx, deps, order, granted)]);
  return granted;
}

/** One fact for all of them (R44), under an id of its own. */
function tell(tx: Tx, deps: Pick<LedgerDeps, 'newId'>, order: GrantOrder, granted: readonly Granted[]): Promise<void> {
  if (granted.length === 0) return Promise.resolve();
  const members = granted.map(({ memberId, points: amount }) => ({ member_id: memberId, points: points(amount) }));
  const { rule, cause, origin, now } = order;
  const fact = { memberId: deps.newId(), factNo: factNo(0n, 0), kind: 'points_granted', at: now, origin };
  return recordFacts(tx, [{ ...fact, data: { rule, cause, members } }]);
}
