import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { Debt } from '../domain/account.ts';

const columns = `d.member_id as "memberId", d.debt_id as "debtId", d.amount, d.remaining, d.forgiven, d.cause_kind as "causeKind", d.cause_id as "causeId",
  d.created_at as "createdAt", d.written_off_at as "writtenOffAt"`;

const readOpen = statement<Debt>(
  'ledger.read_open_debts',
  `select ${columns} from ledger.debt d where d.member_id = $1 and d.remaining > 0`,
);
const readOpenOfMany = statement<Debt>(
  'ledger.read_open_debts_of_many',
  `select ${columns} from ledger.debt d where d.member_id = any($1::uuid[]) and d.remaining > 0`,
);
const readByIds = statement<Debt>(
  'ledger.read_debts',
  `select ${columns} from ledger.debt d where d.member_id = $1 and d.debt_id = any($2::uuid[])`,
);
const readAllOfMany = statement<Debt>(
  'ledger.read_debts_of_many',
  `select ${columns} from ledger.debt d where d.member_id = any($1::uuid[])`,
);
const insertDebts = rowsStatement('ledger.insert_debt', {
  head: 'insert into ledger.debt (member_id, debt_id, amount, remaining, forgiven, cause_kind, cause_id, created_at, written_off_at)',
  columns: 9,
});
const updateDebt = statement<never>(
  'ledger.update_debt',
  'update ledger.debt set remaining = $3, forgiven = $4 where member_id = $1 and debt_id = $2',
);

export function readOpenDebts(db: Db, memberId: string): Promise<Debt[]> {
  return db.run(readOpen, [memberId]);
}

export function readOpenDebtsOfMany(db: Db, memberIds: readonly string[]): Promise<Debt[]> {
  return db.run(readOpenOfMany, [memberIds]);
}

export function readDebts(db: Db, memberId: string, debtIds: readonly string[]): Promise<Debt[]> {
  return db.run(readByIds, [memberId, debtIds]);
}

export function readAllDebts(db: Db, memberIds: readonly string[]): Promise<Debt[]> {
  return db.run(readAllOfMany, [memberIds]);
}

/** Debts are rare: a statement each. */
export function saveDebts(tx: Tx, made: readonly Debt[], changed: readonly Debt[]): Promise<unknown>[] {
  const sent: Promise<unknown>[] = changed.map((debt) =>
    tx.run(updateDebt, [debt.memberId, debt.debtId, debt.remaining, debt.forgiven]),
  );
  if (made.length > 0) sent.push(insertRows(tx, insertDebts, made.map(valuesOf)));
  return sent;
}

function valuesOf(debt: Debt): unknown[] {
  return [
    debt.memberId,
    debt.debtId,
    debt.amount,
    debt.remaining,
    debt.forgiven,
    debt.causeKind,
    debt.causeId,
    debt.createdAt,
    debt.writtenOffAt,
  ];
}
