import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';

export interface StagedMember {
  readonly memberKey: string;
  readonly firstAt: Instant | null;
  readonly memberId: string | null;
}

interface MemberRow {
  member_key: string;
  first_at: Instant | null;
  member_id: string | null;
}

const membersAfter = statement<MemberRow>(
  'imports.staged_members_after',
  'select member_key, first_at, member_id from imports.staged_member where member_key > $1 order by member_key limit $2',
);
const unknownAfter = statement<MemberRow>(
  'imports.unknown_members_after',
  `select member_key, first_at, member_id from imports.staged_member where member_key > $1 and member_id is null
   order by member_key limit $2`,
);
const setIds = statement<never>(
  'imports.set_staged_member_ids',
  `update imports.staged_member member set member_id = known.member_id
   from unnest($1::text[], $2::uuid[]) as known (member_key, member_id) where member.member_key = known.member_key`,
);
const groupsAfter = statement<{ group_no: bigint; lines: number }>(
  'imports.staged_groups_after',
  'select group_no, lines from imports.staged_group where group_no > $1 order by group_no limit $2',
);
const linesOfGroups = statement<LineRow>(
  'imports.staged_lines_of_groups',
  `select receipt.group_no, receipt.group_key, receipt.at, receipt.member_key, member.member_id, line.row_no, line.record
   from imports.staged_group receipt
   join imports.staged_line line on line.group_key = receipt.group_key
   left join imports.staged_member member on member.member_key = receipt.member_key
   where receipt.group_no > $1 and receipt.group_no <= $2 order by receipt.group_no, line.row_no`,
);
const rowsAfter = statement<{ row_no: bigint; record: string; member_key: string; member_id: string | null }>(
  'imports.staged_rows_after',
  `select line.row_no, line.record, line.member_key, member.member_id
   from imports.staged_line line left join imports.staged_member member on member.member_key = line.member_key
   where line.row_no > $1 order by line.row_no limit $2`,
);
const countAll = statement<CountRow>(
  'imports.count_staged',
  `select (select count(*) from imports.staged_line) as lines,
     (select count(*) from imports.staged_member) as members,
     (select count(*) from imports.staged_member where member_id is not null) as known,
     (select count(*) from imports.staged_group where group_key like 's%') as receipts,
     (select count(*) from imports.staged_group where group_key like 'r%') as returns,
     (select count(*) from imports.staged_group where member_key = '') as nobody,
     (select coalesce(sum(sum), 0)::bigint from imports.staged_group where group_key like 's%') as sum,
     (select coalesce(sum(sum), 0)::bigint from imports.staged_group where group_key like 'r%') as returned,
     (select count(*) from imports.problem where import_id = $1) as problems`,
);

interface LineRow {
  group_no: bigint;
  group_key: string;
  at: Instant;
  member_key: string;
  member_id: string | null;
  row_no: bigint;
  record: string;
}

interface CountRow {
  lines: bigint;
  members: bigint;
  known: bigint;
  receipts: bigint;
  returns: bigint;
  nobody: bigint;
  sum: bigint;
  returned: bigint;
  problems: bigint;
}

export async function stagedMembersAfter(
  db: Db,
  after: string,
  options: { limit: number; unknown: boolean },
): Promise<StagedMember[]> {
  const rows = await db.run(options.unknown ? unknownAfter : membersAfter, [after, options.limit]);
  return rows.map((row) => ({ memberKey: row.member_key, firstAt: row.first_at, memberId: row.member_id }));
}

export async function setStagedMemberIds(db: Db, known: ReadonlyMap<string, string>): Promise<void> {
  if (known.size > 0) await db.run(setIds, [[...known.keys()], [...known.values()]]);
}

export interface StagedReceipt {
  readonly groupNo: number;
  /** s for a sale or r for a return, then shop and id. */
  readonly groupKey: string;
  readonly at: Instant;
  readonly memberKey: string;
  readonly memberId: string | null;
  readonly lines: readonly { readonly rowNo: number; readonly record: string }[];
}

/** The next receipts in the order of time: as many as fit, at least one. */
export async function stagedReceiptsAfter(
  db: Db,
  after: number,
  most: { receipts: number; lines: number },
): Promise<StagedReceipt[]> {
  const groups = await db.run(groupsAfter, [after, most.receipts]);
  let lines = 0;
  let last: bigint | null = null;
  for (const group of groups) {
    lines += group.lines;
    if (last !== null && lines > most.lines) break;
    last = group.group_no;
  }
  if (last === null) return [];
  return receiptsOf(await db.run(linesOfGroups, [after, last]));
}

function receiptsOf(rows: readonly LineRow[]): StagedReceipt[] {
  const receipts: (StagedReceipt & { readonly lines: { rowNo: number; record: string }[] })[] = [];
  for (const row of rows) {
    const line = { rowNo: Number(row.row_no), record: row.record };
    const groupNo = Number(row.group_no);
    const current = receipts.at(-1);
    if (current?.groupNo === groupNo) current.lines.push(line);
    else {
      const { group_key: groupKey, at, member_key: memberKey, member_id: memberId } = row;
      receipts.push({ groupNo, groupKey, at, memberKey, memberId, lines: [line] });
    }
  }
  return receipts;
}

export interface StagedRow {
  readonly rowNo: number;
  readonly memberKey: string;
  readonly memberId: string | null;
  readonly record: string;
}

export async function stagedRowsAfter(db: Db, after: number, limit: number): Promise<StagedRow[]> {
  return (await db.run(rowsAfter, [after, limit])).map((row) => ({
    rowNo: Number(row.row_no),
    memberKey: row.member_key,
    memberId: row.member_id,
    record: row.record,
  }));
}

export interface StagedCounts {
  readonly lines: number;
  readonly members: number;
  readonly membersKnown: number;
  readonly receipts: number;
  readonly returns: number;
  readonly receiptsWithoutMember: number;
  readonly sum: bigint;
  readonly returnedSum: bigint;
  readonly problems: number;
}

export async function countStaged(db: Db, importId: string): Promise<StagedCounts> {
  const [row] = await db.run(countAll, [importId]);
  return {
    lines: Number(row?.lines ?? 0),
    members: Number(row?.members ?? 0),
    membersKnown: Number(row?.known ?? 0),
    receipts: Number(row?.receipts ?? 0),
    returns: Number(row?.returns ?? 0),
    receiptsWithoutMember: Number(row?.nobody ?? 0),
    sum: row?.sum ?? 0n,
    returnedSum: row?.returned ?? 0n,
    problems: Number(row?.problems ?? 0),
  };
}
