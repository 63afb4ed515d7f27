import { required } from '#kernel/assert.ts';
import { type Db, insertRows, rowsStatement, type Statement, statement, type Tx } from '#platform/db.ts';
import type { MemberId } from '../domain/member.ts';
import type { SearchPlan } from '../domain/search-text.ts';

const upsert = rowsStatement('members.upsert_search', {
  head: 'insert into members.search (member_id, words)',
  columns: 2,
  tail: 'on conflict (member_id) do update set words = excluded.words',
});

export function writeSearchLines(tx: Tx, lines: readonly { memberId: MemberId; words: string }[]): Promise<void> {
  return insertRows(
    tx,
    upsert,
    lines.map((line) => [line.memberId, line.words]),
  );
}

const deleteLine = statement<never>('members.delete_search', 'delete from members.search where member_id = $1');

export async function deleteSearchLine(tx: Tx, memberId: MemberId): Promise<void> {
  await tx.run(deleteLine, [memberId]);
}

export interface FoundLine {
  readonly memberId: MemberId;
  readonly words: string;
}

/** How many lines are looked at at most. Whoever types "ива" among 400,000 members needs a second word, not a longer list. */
export const candidatesMax = 300;

interface FoundRow {
  readonly member_id: string;
  readonly words: string;
}

// One statement for each number of words: LIKE ALL of an array does not use the trigram index. Initials are compared on what was found; the
// appended nothing keeps them away from the index, where a single letter would be half of it.
// Sent without a name, to be planned for its words: the first 300 of 60,000 called Anna are found fastest by reading on from anywhere, three
// called Shubin by the index. A prepared statement would soon take one way for both.
const byPatterns: readonly Statement<FoundRow>[] = [1, 2, 3, 4, 5].map((count) => {
  const conditions = Array.from({ length: count }, (_, index) => `words like $${index + 2}`).join(' and ');
  const declared = statement<FoundRow>(
    `members.search_${count}`,
    `select member_id, words from members.search where ${conditions} and (words || '') like all ($1::text[]) limit ${candidatesMax}`,
  );
  return { ...declared, name: '' };
});

export function searchStatement(plan: SearchPlan): { statement: Statement<FoundRow>; values: unknown[] } {
  const found = required(byPatterns[plan.indexed.length - 1], 'a search statement of this length');
  return { statement: found, values: [plan.filters, ...plan.indexed] };
}

export async function findLines(db: Db, plan: SearchPlan): Promise<FoundLine[]> {
  const query = searchStatement(plan);
  const rows = await db.run(query.statement, query.values);
  return rows.map((row) => ({ memberId: row.member_id, words: row.words }));
}
