import { money, noMoney } from '#kernel/money.ts';
import { noPoints } from '#kernel/points.ts';
import { endOfDaysAfter, type Instant, localDate, startOfDay } from '#kernel/time.ts';
import { type AccountState, type Lot, purchaseRenews } from '#modules/ledger/index.ts';
import { findMembers, type MemberForCheckout } from '#modules/members/index.ts';
import type { CompiledProgram } from '#modules/program/index.ts';
import { newStanding, readStandings, type Standing } from '#modules/standing/index.ts';
import { type DayProgress, earliestDay } from '#modules/tiers/index.ts';
import { all, type Db } from '#platform/db.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { PastReceipt } from '../domain/past-receipt.ts';
import { needsOf } from '../domain/program-needs.ts';
import { countMemberUses, listMemberPurchases, type MemberHistory, readMemberHistory } from '../store/past-receipts.ts';
import type { CheckoutDeps } from './deps.ts';
import { zoneOf } from './load-member.ts';

/** What is known of a member at the beginning of the period, the same for every program that is tried. */
export interface MemberBefore {
  readonly person: MemberForCheckout;
  readonly zone: string;
  readonly history: MemberHistory | null;
  /** Purchases by local day, as far back as the programs' tiers look. */
  readonly days: readonly DayProgress[];
  readonly uses: ReadonlyMap<string, number>;
  readonly counters: Standing['counters'];
  /** The member's first receipt of the period: its tier and balance are the ones to begin with. */
  readonly first: PastReceipt;
}

export interface MembersToOpen {
  readonly deps: Pick<CheckoutDeps, 'catalog' | 'zone'>;
  readonly programs: readonly CompiledProgram[];
  readonly from: Instant;
}

/** The members of a page who have not been met before; a few statements for all of them. */
export async function readMembersBefore(
  db: Db,
  firsts: ReadonlyMap<string, PastReceipt>,
  opening: MembersToOpen,
): Promise<MemberBefore[]> {
  const { deps, programs, from } = opening;
  const ids = [...firsts.keys()];
  if (ids.length === 0) return [];
  const since = earliestNeeded(programs, from, deps.zone);
  const needsUses = programs.some((program) => needsOf(program).uses);
  const people = findMembers(db, ids);
  const standings = readStandings(db, ids);
  const histories = readMemberHistory(db, ids, from);
  const purchases = since === null ? Promise.resolve([]) : listMemberPurchases(db, ids, { from: since, until: from });
  const uses = needsUses ? countMemberUses(db, ids, from) : Promise.resolve([]);
  await all([people, standings, histories, purchases, uses]);
  const [purchasesBy, usesBy] = [grouped(await purchases), grouped(await uses)];
  const [standingBy, historyBy] = [await standings, await histories];
  return (await people).flatMap((person) => {
    const first = firsts.get(person.memberId);
    if (first === undefined) return [];
    const zone = zoneOf(deps, person);
    const { memberId } = person;
    return {
      // Who is blocked or erased today bought all the same.
      person: { ...person, status: 'active' as const, mergedInto: null },
      zone,
      history: historyBy.get(memberId) ?? null,
      days: (purchasesBy.get(memberId) ?? []).map(({ at, paid }) => ({
        day: localDate(at, zone),
        paid,
        receipts: 1,
        counters: {},
      })),
      uses: new Map((usesBy.get(memberId) ?? []).map((use) => [use.promotionCode, use.uses])),
      counters: standingBy.get(memberId)?.counters ?? {},
      first,
    };
  });
}

/** The member as one program meets them: with the real tier and balance of that moment, counted on by the simulation alone. */
export function openState(before: MemberBefore, program: CompiledProgram, from: Instant): MemberState {
  const { person, zone, history } = before;
  const { memberId } = person;
  const { tiers } = program.document;
  const { inactivityDays, tierProgress } = needsOf(program);
  const reviewAt = tiers.review_days === null ? null : endOfDaysAfter(from, tiers.review_days, zone);
  const inactivityDeadline =
    history === null || inactivityDays === null ? null : purchaseRenews(null, history.last, inactivityDays, zone);
  const standing: Standing = {
    ...newStanding({ memberId, joinedAt: person.joinedAt, tierCode: before.first.tierCode }),
    inactivityDeadline,
    receiptsCount: history?.receipts ?? 0,
    paidTotal: money(history?.paid ?? noMoney),
    firstPurchaseAt: history?.first ?? null,
    lastPurchaseAt: history?.last ?? null,
    tierReviewAt: reviewAt,
    // The first purchase settles, whatever time it is.
    changesAt: from,
    counters: before.counters,
  };
  return {
    memberId,
    person,
    zone,
    standing,
    account: openAccount(before, { from, inactivityDeadline }),
    complete: true,
    windows: [],
    uses: new Map(),
    progress: tierProgress ? { days: before.days, manual: null, unsaved: [] } : null,
  };
}

/** Points from before the period have no end in a simulation: nobody asks the ledger which of them were still there when. */
function openAccount(
  { person, first }: MemberBefore,
  when: { from: Instant; inactivityDeadline: Instant | null },
): AccountState {
  const { memberId } = person;
  const { from, inactivityDeadline } = when;
  const lot: Lot = {
    ...{ memberId, lotId: `before ${memberId}`, source: 'import', rule: 'before', causeKind: 'import' },
    ...{ causeId: memberId, amount: first.pointsBefore, remaining: first.pointsBefore },
    held: noPoints,
    ...{ startsAt: from, burnsAt: null, inactivityDays: null, graceUntil: null, restriction: null, funder: null },
    ...{ paysDebt: true, started: true, createdAt: from },
  };
  return { memberId, lots: first.pointsBefore === 0n ? [] : [lot], debts: [], holds: [], inactivityDeadline };
}

function earliestNeeded(programs: readonly CompiledProgram[], from: Instant, zone: string): Instant | null {
  let earliest: ReturnType<typeof earliestDay> = null;
  for (const { document } of programs) {
    const day = earliestDay(document.tiers, localDate(from, zone));
    if (day !== null && (earliest === null || day.until(earliest).sign > 0)) earliest = day;
  }
  return earliest && startOfDay(earliest, zone);
}

function grouped<Row extends { readonly memberId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const known = groups.get(row.memberId);
    if (known) known.push(row);
    else groups.set(row.memberId, [row]);
  }
  return groups;
}
