import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { Entry } from '../domain/account.ts';

const columns = `e.member_id as "memberId", e.entry_id as "entryId", e.lot_id as "lotId", e.kind, e.change, e.cause_kind as "causeKind", e.cause_id as "causeId",
  e.at, e.recorded_at as "recordedAt"`;

const readOfLots = statement<Entry>(
  'ledger.read_entries_of_lots',
  `select ${columns} from ledger.entry e where e.member_id = $1 and e.lot_id = any($2::uuid[]) order by e.entry_id`,
);
const readAllOfMany = statement<Entry>(
  'ledger.read_all_entries_of_many',
  `select ${columns} from ledger.entry e where e.member_id = any($1::uuid[]) order by e.member_id, e.entry_id`,
);
const pageByMember = statement<Entry>(
  'ledger.page_entries',
  `select ${columns} from ledger.entry e where e.member_id = any($1::uuid[]) and e.entry_id < $2 order by e.entry_id desc limit $3`,
);
const insertEntries = rowsStatement('ledger.insert_entry', {
  head: 'insert into ledger.entry (member_id, entry_id, lot_id, kind, change, cause_kind, cause_id, at, recorded_at)',
  columns: 9,
});

export function readEntriesOfLots(db: Db, memberId: string, lotIds: readonly string[]): Promise<Entry[]> {
  return db.run(readOfLots, [memberId, lotIds]);
}

export function readAllEntries(db: Db, memberIds: readonly string[]): Promise<Entry[]> {
  return db.run(readAllOfMany, [memberIds]);
}

export interface EntryPage {
  readonly memberIds: readonly string[];
  readonly before: string;
  readonly limit: number;
}

/** In the order they were recorded, newest first, over a member and those merged into it. */
export function pageEntries(db: Db, asked: EntryPage): Promise<Entry[]> {
  return db.run(pageByMember, [asked.memberIds, asked.before, asked.limit]);
}

export function saveEntries(tx: Tx, entries: readonly Entry[]): Promise<unknown>[] {
  if (entries.length === 0) return [];
  return [insertRows(tx, insertEntries, entries.map(valuesOf))];
}

function valuesOf(entry: Entry): unknown[] {
  return [
    entry.memberId,
    entry.entryId,
    entry.lotId,
    entry.kind,
    entry.change,
    entry.causeKind,
    entry.causeId,
    entry.at,
    entry.recordedAt,
  ];
}
