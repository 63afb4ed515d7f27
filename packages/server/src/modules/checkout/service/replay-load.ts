import { localDate } from '#kernel/time.ts';
import { loadAccounts } from '#modules/ledger/index.ts';
import { findMembers } from '#modules/members/index.ts';
import { loadForQuote } from '#modules/promotions/index.ts';
import { lockStandings } from '#modules/standing/index.ts';
import { earliestDay, loadTierProgress } from '#modules/tiers/index.ts';
import type { Tx } from '#platform/db.ts';
import type { MemberState } from '../domain/member-state.ts';
import { needsOf } from '../domain/program-needs.ts';
import { zoneOf } from './load-member.ts';
import type { Replaying } from './replay.ts';
import type { ReplaySale } from './replay-items.ts';

/** The members of one round, by id; replaced as their sales are folded. */
export type ReplayStates = Map<string, MemberState>;

/** Four statements for all members of the round; what only some programs need is read member by member. */
export async function loadReplayStates(
  tx: Tx,
  { deps }: Replaying,
  sales: readonly ReplaySale[],
): Promise<ReplayStates> {
  const first = sales[0];
  const ids = [...new Set(sales.flatMap((sale) => (sale.memberId === null ? [] : [sale.memberId])))];
  if (first === undefined || ids.length === 0) return new Map();
  const standingsRead = lockStandings(tx, ids);
  const peopleRead = findMembers(tx, ids);
  const standings = await standingsRead;
  const accounts = await loadAccounts(tx, [...standings.values()]);
  const program = deps.program.at(first.at);
  const needs = program && needsOf(program);
  const states: ReplayStates = new Map();
  for (const person of await peopleRead) {
    const standing = standings.get(person.memberId);
    const account = accounts.get(person.memberId);
    if (!standing || !account || person.status === 'erased') continue;
    const zone = zoneOf(deps, person);
    const day = localDate(first.at, zone);
    const promotions =
      needs?.windows || needs?.uses
        ? await loadForQuote(tx, person.memberId, { windows: needs.windows, uses: needs.uses, at: first.at, day })
        : { windows: [], uses: new Map() };
    const progress =
      program && needs?.tierProgress
        ? await loadTierProgress(tx, person.memberId, earliestDay(program.document.tiers, day))
        : null;
    states.set(person.memberId, {
      memberId: person.memberId,
      person,
      zone,
      standing,
      account,
      complete: true,
      ...promotions,
      progress,
    });
  }
  return states;
}
