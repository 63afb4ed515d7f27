import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Instant, localDate } from '#kernel/time.ts';
import type { ShopView } from '#modules/catalog/index.ts';
import { type AccountState, loadAccountOf, startAccount } from '#modules/ledger/index.ts';
import {
  findMemberIdByIdentity,
  type Identity,
  loadMemberForCheckout,
  type MemberForCheckout,
  resolveMember,
} from '#modules/members/index.ts';
import type { CompiledProgram } from '#modules/program/index.ts';
import { loadForQuote } from '#modules/promotions/index.ts';
import { isTrueAt, lockStanding, readStanding, type Standing } from '#modules/standing/index.ts';
import { earliestDay, loadTierProgress, type TierProgress, tierNeedsSettling } from '#modules/tiers/index.ts';
import { all, type Db, type Tx } from '#platform/db.ts';
import type { MemberKey } from '../domain/content.ts';
import type { MemberState } from '../domain/member-state.ts';
import { needsOf } from '../domain/program-needs.ts';
import type { CheckoutDeps } from './deps.ts';

export interface FoundMember {
  readonly memberId: string;
  /** A card that is lost, blocked or replaced finds its member, who earns but does not pay with points (R31). */
  readonly cardActive: boolean;
}

export type MemberRefusal = { readonly code: 'member_unknown' | 'member_erased'; readonly field: '/member' };

/** Who the buyer is; null: nobody was named. One round trip, on its own (architecture.md: identity look-up is a query of its own). */
export async function findMember(db: Db, key: MemberKey | null): Promise<Outcome<FoundMember | null, MemberRefusal>> {
  if (key === null) return done(null);
  if (key.kind === 'member_id') {
    const member = await resolveMember(db, key.value);
    if (member === null) return refused({ code: 'member_unknown', field: '/member' });
    return done({ memberId: member.memberId, cardActive: true });
  }
  // `readSale` put the key into its one spelling.
  const found = await findMemberIdByIdentity(db, key as unknown as Identity);
  if (found === null) return refused({ code: 'member_unknown', field: '/member' });
  return done({ memberId: found.memberId, cardActive: found.state === 'active' });
}

export interface LoadWish {
  readonly program: CompiledProgram;
  readonly sale: { readonly at: Instant; readonly shop: ShopView };
  readonly now: Instant;
  /** Lots, holds and debts are needed whatever the standing says. */
  readonly account: boolean;
}

/**
 * Everything a sale needs of a member: one pipelined round trip under the lock, a second one when time has changed the balance since it was
 * stored (R7) or a debt waits for points (R10).
 */
export function readMemberState(
  deps: CheckoutDeps,
  memberId: string,
  wish: LoadWish,
  db: Db = deps.db,
): Promise<Outcome<MemberState, MemberRefusal>> {
  return load({ deps, db, wish, readStanding: (id) => readStanding(db, id) }, memberId);
}

export function lockMemberState(
  tx: Tx,
  deps: CheckoutDeps,
  memberId: string,
  wish: LoadWish,
): Promise<Outcome<MemberState, MemberRefusal>> {
  return load({ deps, db: tx, wish, readStanding: (id) => lockStanding(tx, id) }, memberId);
}

interface Loading {
  readonly deps: CheckoutDeps;
  readonly db: Db;
  readonly wish: LoadWish;
  readonly readStanding: (memberId: string) => Promise<Standing | null>;
}

async function load(loading: Loading, memberId: string): Promise<Outcome<MemberState, MemberRefusal>> {
  const { deps, db, wish } = loading;
  const { sale } = wish;
  const needs = needsOf(wish.program);
  const standingRead = loading.readStanding(memberId);
  const personRead = loadMemberForCheckout(db, memberId);
  const promotionsRead = loadForQuote(db, memberId, {
    windows: needs.windows,
    uses: needs.uses,
    at: sale.at,
    day: localDate(sale.at, sale.shop.zone),
  });
  const progressRead = needs.tierProgress ? readProgress(loading, memberId) : Promise.resolve(null);
  const started = wish.account ? startAccount(db, memberId) : null;
  await all([standingRead, personRead, promotionsRead, progressRead, started?.asked ?? Promise.resolve()]);
  const standing = await standingRead;
  const person = await personRead;
  if (standing === null || person === null) return refused({ code: 'member_unknown', field: '/member' });
  if (person.status === 'erased') return refused({ code: 'member_erased', field: '/member' });
  // An alias is only met by its own id: identities point to the survivor already (R32).
  if (person.mergedInto !== null) return load(loading, person.mergedInto);
  const account = await accountOf(loading, standing, started);
  const isDue = tierNeedsSettling(wish.program.document.tiers, standing, wish.now);
  const { windows, uses } = await promotionsRead;
  return done({
    memberId,
    person,
    zone: zoneOf(deps, person),
    standing,
    account: account ?? emptyAccount(standing),
    complete: account !== null,
    windows,
    uses,
    progress: (await progressRead) ?? (isDue ? await readProgress(loading, memberId) : null),
  });
}

function readProgress({ db, wish }: Loading, memberId: string): Promise<TierProgress> {
  return loadTierProgress(
    db,
    memberId,
    earliestDay(wish.program.document.tiers, localDate(wish.now, wish.sale.shop.zone)),
  );
}

/** R3: the member's own zone, else that of the shop of joining, else the installation's. */
export function zoneOf(
  deps: Pick<CheckoutDeps, 'catalog' | 'zone'>,
  person: Pick<MemberForCheckout, 'zone' | 'joinedShopId'>,
): string {
  if (person.zone !== null) return person.zone;
  const shop = person.joinedShopId === null ? null : deps.catalog.snapshot().shopById(person.joinedShopId);
  return shop?.zone ?? deps.zone;
}

/** null: neither the sale nor time asks for lots, and figures go by difference. */
async function accountOf(
  { db, wish }: Loading,
  standing: Standing,
  started: ReturnType<typeof startAccount> | null,
): Promise<AccountState | null> {
  if (started !== null) return started.complete(standing);
  const isNeeded = !isTrueAt(standing, wish.now) || standing.debt > 0n;
  return isNeeded ? loadAccountOf(db, standing) : null;
}

function emptyAccount({ memberId, inactivityDeadline }: Standing): AccountState {
  return { memberId, lots: [], debts: [], holds: [], inactivityDeadline };
}
