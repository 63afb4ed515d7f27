import { pageStandings, readStandings, type Standing } from '#modules/standing/index.ts';
import { all, type Database, type Tx } from '#platform/db.ts';
import { type AuditProblem, auditMember } from '../domain/audit.ts';
import { pageLedgerMembers, seeOneSnapshot, sumEntriesByLot, sumPaymentsByDebt } from '../store/audit-store.ts';
import { readAllDebts } from '../store/debt-store.ts';
import { readHoldsOfMany } from '../store/hold-store.ts';
import { readAllLots } from '../store/lot-store.ts';

export interface AuditOptions {
  readonly onProblem: (problem: AuditProblem) => void;
  /** Called after each chunk with the number of members it had. */
  readonly onProgress?: (members: number) => void;
  readonly signal?: AbortSignal;
}

export interface AuditReport {
  readonly members: number;
  readonly lots: number;
  readonly entries: number;
  readonly problems: number;
}

const membersPerChunk = 500;

/** Recomputes every balance from its entries and reports each difference. Chunk by chunk, each one snapshot: tills go on meanwhile. */
export async function audit(db: Database, options: AuditOptions): Promise<AuditReport> {
  const total = { members: 0, lots: 0, entries: 0, problems: 0 };
  let after: string | null = null;
  while (options.signal?.aborted !== true) {
    const chunk: Chunk = await db.begin((tx) => auditChunk(tx, after));
    if (chunk.last === null) break;
    after = chunk.last;
    total.members += chunk.members;
    total.lots += chunk.lots;
    total.entries += chunk.entries;
    total.problems += chunk.problems.length;
    chunk.problems.forEach(options.onProblem);
    options.onProgress?.(chunk.members);
  }
  total.problems += await auditStrays(db, options);
  return total;
}

interface Chunk {
  readonly last: string | null;
  readonly members: number;
  readonly lots: number;
  readonly entries: number;
  readonly problems: readonly AuditProblem[];
}

async function auditChunk(tx: Tx, after: string | null): Promise<Chunk> {
  await seeOneSnapshot(tx);
  const standings = await pageStandings(tx, after, membersPerChunk);
  const ids = standings.map((standing) => standing.memberId);
  const asked = [
    readAllLots(tx, ids),
    readHoldsOfMany(tx, ids),
    readAllDebts(tx, ids),
    sumEntriesByLot(tx, ids),
    sumPaymentsByDebt(tx, ids),
  ] as const;
  await all(asked);
  const [lots, holds, debts, sums, payments] = await Promise.all(asked);
  const ofLots = byMember(lots);
  const ofHolds = byMember(holds);
  const ofDebts = byMember(debts);
  const ofSums = byMember(sums);
  const ofPayments = byMember(payments);
  const auditOne = (standing: Standing) =>
    auditMember({
      memberId: standing.memberId,
      lots: ofLots.get(standing.memberId) ?? [],
      holds: ofHolds.get(standing.memberId) ?? [],
      debts: ofDebts.get(standing.memberId) ?? [],
      entrySums: new Map((ofSums.get(standing.memberId) ?? []).map((row) => [row.lotId, row.sum])),
      debtPayments: new Map((ofPayments.get(standing.memberId) ?? []).map((row) => [row.debtId, row.paid])),
      stored: standing,
    });
  return {
    last: ids.at(-1) ?? null,
    members: standings.length,
    lots: lots.length,
    entries: sums.reduce((count, row) => count + Number(row.count), 0),
    problems: standings.flatMap(auditOne),
  };
}

/** Rows of members who have no standing at all: the walk over standings does not meet them. */
async function auditStrays(db: Database, options: AuditOptions): Promise<number> {
  let problems = 0;
  let after: string | null = null;
  while (options.signal?.aborted !== true) {
    const ids: string[] = await pageLedgerMembers(db, after, membersPerChunk);
    after = ids.at(-1) ?? null;
    if (after === null) break;
    const known = await readStandings(db, ids);
    for (const memberId of ids.filter((id) => !known.has(id))) {
      problems += 1;
      options.onProblem({
        memberId,
        code: 'member_without_standing',
        subject: memberId,
        stored: 'no standing',
        recomputed: 'has points',
      });
    }
  }
  return problems;
}

function byMember<Row extends { readonly memberId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.memberId);
    if (group) group.push(row);
    else groups.set(row.memberId, [row]);
  }
  return groups;
}
