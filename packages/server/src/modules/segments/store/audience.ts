import type { Db } from '#platform/db.ts';

/** A condition over m (report.member) and s (report.standing), its values numbered from $1. */
export interface Audience {
  /** The same shape of rule is the same prepared statement, whatever its values. */
  readonly digest: string;
  readonly condition: string;
  readonly values: readonly unknown[];
}

// Figures are as stored: a row whose changes_at has passed is a job's run behind (R7), which a count of everybody can bear.
const from = `from report.member m join report.standing s on s.member_id = m.member_id where m.status in ('active', 'blocked')`;

export async function countMembers(db: Db, { digest, condition, values }: Audience): Promise<bigint> {
  const text = `select count(*) as members ${from} and ${condition}`;
  const [row] = await db.run<{ members: bigint }>({ name: `segments.count_${digest}`, text }, values);
  return row?.members ?? 0n;
}

export async function listMembers(
  db: Db,
  { digest, condition, values }: Audience,
  page: { readonly after: string | null; readonly limit: number },
): Promise<string[]> {
  const places = [`$${values.length + 1}::uuid`, `$${values.length + 2}::int`];
  const text = `select m.member_id ${from} and ${condition} and (${places[0]} is null or m.member_id > ${places[0]})
    order by m.member_id limit ${places[1]}`;
  const rows = await db.run<{ member_id: string }>({ name: `segments.list_${digest}`, text }, [
    ...values,
    page.after,
    page.limit,
  ]);
  return rows.map((row) => row.member_id);
}
