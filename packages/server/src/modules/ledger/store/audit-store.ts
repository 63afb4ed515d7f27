import { type Db, statement, type Tx } from '#platform/db.ts';

const oneSnapshot = statement<never>(
  'ledger.one_snapshot',
  'set transaction isolation level repeatable read, read only',
);
const sumsByLot = statement<LotSum>(
  'ledger.sum_entries_by_lot',
  `select e.member_id as "memberId", e.lot_id as "lotId", sum(e.change)::bigint as sum, count(*) as count from ledger.entry e
   where e.member_id = any($1::uuid[]) group by e.member_id, e.lot_id`,
);
const paidByDebt = statement<DebtSum>(
  'ledger.sum_payments_by_debt',
  `select e.member_id as "memberId", e.cause_id as "debtId", sum(-e.change)::bigint as paid from ledger.entry e
   where e.member_id = any($1::uuid[]) and e.kind = 'pay_debt' group by e.member_id, e.cause_id`,
);
const pageMembers = statement<{ memberId: string }>(
  'ledger.page_members',
  `select m.member_id as "memberId" from (
    (select distinct l.member_id from ledger.lot l where l.member_id > $1 order by l.member_id limit $2) union
    (select distinct e.member_id from ledger.entry e where e.member_id > $1 order by e.member_id limit $2) union
    (select distinct h.member_id from ledger.hold h where h.member_id > $1 order by h.member_id limit $2) union
    (select distinct d.member_id from ledger.debt d where d.member_id > $1 order by d.member_id limit $2)
  ) m order by m.member_id limit $2`,
);

export interface LotSum {
  readonly memberId: string;
  readonly lotId: string;
  readonly sum: bigint;
  readonly count: bigint;
}

export interface DebtSum {
  readonly memberId: string;
  readonly debtId: string;
  readonly paid: bigint;
}

/** First in its transaction: all that follows sees one moment, whatever the tills do. */
export async function seeOneSnapshot(tx: Tx): Promise<void> {
  await tx.run(oneSnapshot, []);
}

export function sumEntriesByLot(db: Db, memberIds: readonly string[]): Promise<LotSum[]> {
  return db.run(sumsByLot, [memberIds]);
}

export function sumPaymentsByDebt(db: Db, memberIds: readonly string[]): Promise<DebtSum[]> {
  return db.run(paidByDebt, [memberIds]);
}

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Whoever has a row in the ledger, in the order of ids. */
export async function pageLedgerMembers(db: Db, after: string | null, limit: number): Promise<string[]> {
  const rows = await db.run(pageMembers, [after ?? beforeAll, limit]);
  return rows.map((row) => row.memberId);
}
