import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Db } from '#platform/db.ts';
import { guessIdentities, type ReadingRules } from '../domain/identity.ts';
import type { MemberId } from '../domain/member.ts';
import { planSearch, type SearchPlan, scoreOf } from '../domain/search-text.ts';
import { findOwnersOf } from '../store/identities.ts';
import { candidatesMax, findLines } from '../store/search.ts';
import { type MemberSummary, summariesOf } from './view.ts';

export interface SearchQuery {
  readonly text: string;
  readonly offset: number;
  readonly limit: number;
}

export interface SearchResult {
  readonly items: readonly MemberSummary[];
  readonly nextOffset: number | null;
  /** More match than were looked at: the best may be missing, another word helps. */
  readonly truncated: boolean;
}

/** By any identity, whole; else by fragments of names and e-mail addresses, or by a number's digits. */
export async function searchMembers(
  db: Db,
  rules: ReadingRules,
  query: SearchQuery,
): Promise<Outcome<SearchResult, { readonly code: 'query_too_short' }>> {
  const owners = await findOwnersOf(db, guessIdentities(query.text, rules));
  const exact = [...new Set(owners.map((owner) => owner.memberId))];
  if (exact.length > 0) return done(await pageOf(db, { ids: exact, truncated: false }, query));
  const plan = planSearch(query.text);
  if (plan === null) return refused({ code: 'query_too_short' });
  return done(await pageOf(db, await ranked(db, plan), query));
}

async function ranked(db: Db, plan: SearchPlan): Promise<{ ids: MemberId[]; truncated: boolean }> {
  const lines = await findLines(db, plan);
  const scored = lines.map((line) => ({ ...line, score: scoreOf(line.words, plan) }));
  // By code units, which for small letters without ё is the alphabet's order.
  scored.sort((a, b) => b.score - a.score || compareTexts(a.words, b.words) || compareTexts(a.memberId, b.memberId));
  return { ids: scored.map(({ memberId }) => memberId), truncated: lines.length === candidatesMax };
}

function compareTexts(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

async function pageOf(
  db: Db,
  found: { readonly ids: readonly MemberId[]; readonly truncated: boolean },
  query: SearchQuery,
): Promise<SearchResult> {
  const until = query.offset + query.limit;
  const items = await summariesOf(db, found.ids.slice(query.offset, until));
  return { items, nextOffset: until < found.ids.length ? until : null, truncated: found.truncated };
}
