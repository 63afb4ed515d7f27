import { points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { Hold } from '../domain/account.ts';

interface HoldRow {
  readonly memberId: string;
  readonly holdId: string;
  readonly parts: readonly { readonly lot: string; readonly points: number }[];
  readonly expiresAt: Instant;
}

const columns = 'h.member_id as "memberId", h.hold_id as "holdId", h.parts, h.expires_at as "expiresAt"';
const readOfOne = statement<HoldRow>(
  'ledger.read_holds',
  `select ${columns} from ledger.hold h where h.member_id = $1`,
);
const readOfMany = statement<HoldRow>(
  'ledger.read_holds_of_many',
  `select ${columns} from ledger.hold h where h.member_id = any($1::uuid[])`,
);
const upsertHolds = rowsStatement('ledger.save_hold', {
  head: 'insert into ledger.hold (member_id, hold_id, parts, expires_at)',
  columns: 4,
  tail: 'on conflict (member_id, hold_id) do update set parts = excluded.parts, expires_at = excluded.expires_at',
});
const deleteHold = statement<never>(
  'ledger.delete_hold',
  'delete from ledger.hold where member_id = $1 and hold_id = $2',
);

export async function readHolds(db: Db, memberId: string): Promise<Hold[]> {
  return (await db.run(readOfOne, [memberId])).map(holdOf);
}

export async function readHoldsOfMany(db: Db, memberIds: readonly string[]): Promise<Hold[]> {
  return (await db.run(readOfMany, [memberIds])).map(holdOf);
}

/** Holds without parts are spent or released: their rows go. */
export function saveHolds(tx: Tx, holds: readonly Hold[]): Promise<unknown>[] {
  const open = holds.filter((hold) => hold.parts.length > 0);
  const closed = holds.filter((hold) => hold.parts.length === 0);
  const sent: Promise<unknown>[] = closed.map((hold) => tx.run(deleteHold, [hold.memberId, hold.holdId]));
  if (open.length > 0) sent.push(insertRows(tx, upsertHolds, open.map(valuesOf)));
  return sent;
}

function holdOf(row: HoldRow): Hold {
  return { ...row, parts: row.parts.map((part) => ({ lotId: part.lot, points: points(part.points) })) };
}

function valuesOf(hold: Hold): unknown[] {
  // Written as JSON by hand: the driver would make a PostgreSQL array of a list.
  const parts = JSON.stringify(hold.parts.map((part) => ({ lot: part.lotId, points: Number(part.points) })));
  return [hold.memberId, hold.holdId, parts, hold.expiresAt];
}
