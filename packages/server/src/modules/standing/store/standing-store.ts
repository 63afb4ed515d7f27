import { noMoney } from '#kernel/money.ts';
import { noPoints } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { Standing } from '../domain/standing.ts';

const columns = `member_id as "memberId", revision, blocked, available, pending, reserved, debt, changes_at as "changesAt",
  inactivity_deadline as "inactivityDeadline", receipts_count as "receiptsCount", paid_total as "paidTotal", first_purchase_at as "firstPurchaseAt",
  last_purchase_at as "lastPurchaseAt", last_shop_id as "lastShopId", tier_code as "tierCode", tier_since as "tierSince",
  tier_review_at as "tierReviewAt", day, day_earned as "dayEarned", day_redeemed as "dayRedeemed", counters`;

/** The same order everywhere: insert, update and their values. The key comes first. */
const names = [
  'member_id',
  'revision',
  'blocked',
  'available',
  'pending',
  'reserved',
  'debt',
  'changes_at',
  'inactivity_deadline',
  'receipts_count',
  'paid_total',
  'first_purchase_at',
  'last_purchase_at',
  'last_shop_id',
  'tier_code',
  'tier_since',
  'tier_review_at',
  'day',
  'day_earned',
  'day_redeemed',
  'counters',
] as const;
const types: Readonly<Record<(typeof names)[number], string>> = {
  member_id: 'uuid',
  revision: 'bigint',
  blocked: 'boolean',
  available: 'bigint',
  pending: 'bigint',
  reserved: 'bigint',
  debt: 'bigint',
  changes_at: 'timestamptz',
  inactivity_deadline: 'timestamptz',
  receipts_count: 'integer',
  paid_total: 'bigint',
  first_purchase_at: 'timestamptz',
  last_purchase_at: 'timestamptz',
  last_shop_id: 'text',
  tier_code: 'text',
  tier_since: 'timestamptz',
  tier_review_at: 'timestamptz',
  day: 'date',
  day_earned: 'bigint',
  day_redeemed: 'bigint',
  counters: 'jsonb',
};

const lockOne = statement<Standing>(
  'standing.lock',
  `select ${columns} from standing.standing where member_id = $1 for update`,
);
// Sorted, so that two batches which share members take their locks in the same order.
const lockMany = statement<Standing>(
  'standing.lock_many',
  `select ${columns} from standing.standing where member_id = any($1::uuid[]) order by member_id for update`,
);
const lockFree = statement<Standing>(
  'standing.lock_free',
  `select ${columns} from standing.standing where member_id = any($1::uuid[]) order by member_id for update skip locked`,
);
const readOne = statement<Standing>('standing.read', `select ${columns} from standing.standing where member_id = $1`);
const readMany = statement<Standing>(
  'standing.read_many',
  `select ${columns} from standing.standing where member_id = any($1::uuid[])`,
);
const readDeadline = statement<{ inactivityDeadline: Instant | null }>(
  'standing.read_inactivity_deadline',
  'select inactivity_deadline as "inactivityDeadline" from standing.standing where member_id = $1',
);
const pageOfAll = statement<Standing>(
  'standing.page',
  `select ${columns} from standing.standing where member_id > $1 order by member_id limit $2`,
);
const pageOfDue = statement<{ memberId: string }>(
  'standing.page_due',
  'select member_id as "memberId" from standing.standing where member_id > $1 and changes_at <= $2 order by member_id limit $3',
);
const insertStandings = rowsStatement('standing.insert', {
  head: `insert into standing.standing (${names.join(', ')})`,
  columns: names.length,
});
const updateOne = statement<never>(
  'standing.save',
  `update standing.standing set ${names
    .slice(1)
    .map((name, index) => `${name} = $${index + 2}`)
    .join(', ')} where member_id = $1`,
);
// A list of values has no types of its own, hence the casts.
const updateMany = rowsStatement('standing.save_many', {
  head: `update standing.standing as s set ${names
    .slice(1)
    .map((name) => `${name} = v.${name}::${types[name]}`)
    .join(', ')} from (`,
  columns: names.length,
  tail: `) as v (${names.join(', ')}) where s.member_id = v.member_id::uuid`,
});

export async function lockStanding(tx: Tx, memberId: string): Promise<Standing | null> {
  const [found] = await tx.run(lockOne, [memberId]);
  return found ?? null;
}

/** Locks in the order of ids, whatever order they come in. Unknown ids are absent from the map. */
export async function lockStandings(tx: Tx, memberIds: readonly string[]): Promise<Map<string, Standing>> {
  return byMember(await tx.run(lockMany, [memberIds]));
}

/** As lockStandings, but members whom someone else has locked are left out: background work never waits for a till, nor a till for it. */
export async function lockFreeStandings(tx: Tx, memberIds: readonly string[]): Promise<Map<string, Standing>> {
  return byMember(await tx.run(lockFree, [memberIds]));
}

export async function readStanding(db: Db, memberId: string): Promise<Standing | null> {
  const [found] = await db.run(readOne, [memberId]);
  return found ?? null;
}

export async function readStandings(db: Db, memberIds: readonly string[]): Promise<Map<string, Standing>> {
  return byMember(await db.run(readMany, [memberIds]));
}

export async function readInactivityDeadline(db: Db, memberId: string): Promise<Instant | null> {
  const [found] = await db.run(readDeadline, [memberId]);
  return found?.inactivityDeadline ?? null;
}

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** All members in the order of ids, for the audit; `after` is the last one seen, null to begin. */
export async function pageStandings(db: Db, after: string | null, limit: number): Promise<Standing[]> {
  return db.run(pageOfAll, [after ?? beforeAll, limit]);
}

/** Members whose figures or tier time has changed since they were written (R7). */
export async function pageDueMembers(db: Db, now: Instant, after: string | null, limit: number): Promise<string[]> {
  const rows = await db.run(pageOfDue, [after ?? beforeAll, now, limit]);
  return rows.map((row) => row.memberId);
}

export interface NewStanding {
  readonly memberId: string;
  readonly joinedAt: Instant;
  readonly tierCode: string | null;
}

export function createStanding(tx: Tx, member: NewStanding): Promise<void> {
  return createStandings(tx, [member]);
}

export function createStandings(tx: Tx, members: readonly NewStanding[]): Promise<void> {
  return insertRows(
    tx,
    insertStandings,
    members.map((member) => valuesOf(newStanding(member))),
  );
}

/** Writes the row the caller has locked. Send it and hand the promise to `commitWith`. */
export async function saveStanding(tx: Tx, standing: Standing): Promise<void> {
  await tx.run(updateOne, valuesOf(standing));
}

export function saveStandings(tx: Tx, standings: readonly Standing[]): Promise<void> {
  const [only] = standings;
  if (standings.length === 1 && only) return saveStanding(tx, only);
  return insertRows(tx, updateMany, standings.map(valuesOf));
}

function byMember(rows: readonly Standing[]): Map<string, Standing> {
  return new Map(rows.map((row) => [row.memberId, row]));
}

function valuesOf(standing: Standing): unknown[] {
  return [
    standing.memberId,
    standing.revision,
    standing.blocked,
    standing.available,
    standing.pending,
    standing.reserved,
    standing.debt,
    standing.changesAt,
    standing.inactivityDeadline,
    standing.receiptsCount,
    standing.paidTotal,
    standing.firstPurchaseAt,
    standing.lastPurchaseAt,
    standing.lastShopId,
    standing.tierCode,
    standing.tierSince,
    standing.tierReviewAt,
    standing.day,
    standing.dayEarned,
    standing.dayRedeemed,
    standing.counters,
  ];
}

export function newStanding(member: NewStanding): Standing {
  return {
    memberId: member.memberId,
    revision: 0n,
    blocked: false,
    available: noPoints,
    pending: noPoints,
    reserved: noPoints,
    debt: noPoints,
    changesAt: null,
    inactivityDeadline: null,
    receiptsCount: 0,
    paidTotal: noMoney,
    firstPurchaseAt: null,
    lastPurchaseAt: null,
    lastShopId: null,
    tierCode: member.tierCode,
    tierSince: member.tierCode === null ? null : member.joinedAt,
    tierReviewAt: null,
    day: null,
    dayEarned: noPoints,
    dayRedeemed: noPoints,
    counters: {},
  };
}
