import { noPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { Entry, Lot } from '../domain/account.ts';
import { type Burn, burnSchedule, type Figures, figuresOf, startSchedule } from '../domain/figures.ts';
import { pageEntries } from '../store/entry-store.ts';
import { pageLots } from '../store/lot-store.ts';
import { readAccount } from './balance.ts';
import type { LedgerDeps } from './deps.ts';

export interface BalanceView {
  readonly memberId: string;
  readonly figures: Figures;
  readonly burns: readonly Burn[];
  readonly starts: readonly Burn[];
}

export async function viewBalance(deps: LedgerDeps, asked: string, now: Instant): Promise<BalanceView | null> {
  const member = await deps.members.resolve(deps.db, asked);
  if (member === null) return null;
  const account = await readAccount(deps.db, member.memberId, { now, settings: deps.settings() });
  if (account === null) return null;
  return {
    memberId: member.memberId,
    figures: figuresOf(account, now),
    burns: burnSchedule(account),
    starts: startSchedule(account),
  };
}

export interface PageAsked {
  readonly before: string | null;
  readonly limit: number;
}

const afterAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** null: no such member. */
export async function viewEntries(
  deps: LedgerDeps,
  asked: string,
  { before, limit }: PageAsked,
): Promise<Entry[] | null> {
  const family = await deps.members.familyOf(deps.db, asked);
  return family.length === 0 ? null : pageEntries(deps.db, { memberIds: family, before: before ?? afterAll, limit });
}

export interface LotsView {
  readonly lots: readonly Lot[];
  readonly deadline: Instant | null;
}

/** As they are at `now`: what time alone has started or burned is shown so, with no job having run (R7). */
export async function viewLots(
  deps: LedgerDeps,
  asked: string,
  page: PageAsked & { readonly closed: boolean; readonly now: Instant },
): Promise<LotsView | null> {
  const family = await deps.members.familyOf(deps.db, asked);
  const [memberId] = family;
  if (memberId === undefined) return null;
  const account = await readAccount(deps.db, memberId, { now: page.now, settings: deps.settings() });
  if (account === null) return null;
  const lots = await pageLots(deps.db, {
    memberIds: family,
    before: page.before ?? afterAll,
    limit: page.limit,
    closed: page.closed,
  });
  const current = new Map(account.lots.map((lot) => [lot.lotId, lot]));
  return {
    lots: lots.map((lot) => (lot.memberId === memberId ? (current.get(lot.lotId) ?? closed(lot)) : lot)),
    deadline: account.inactivityDeadline,
  };
}

function closed(lot: Lot): Lot {
  return { ...lot, remaining: noPoints, held: noPoints };
}
