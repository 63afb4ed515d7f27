import { Temporal } from 'temporal-polyfill';
import { points } from '#kernel/points.ts';
import { endOfDaysAfter, type Instant, isAtOrBefore, later } from '#kernel/time.ts';
import {
  figuresOf,
  grant,
  type LedgerContext,
  loadAccounts,
  type NewLot,
  saveMovements,
  settle,
} from '#modules/ledger/index.ts';
import { lockStandings, nextRevision, type Standing, saveStandings, withFigures } from '#modules/standing/index.ts';
import { all, type Tx } from '#platform/db.ts';
import { type Fact, factNo, recordFacts } from '#platform/facts.ts';
import type { FileImport } from '../domain/import.ts';
import { type MadeObject, saveMade } from '../store/made-store.ts';
import type { StoredProblem } from '../store/problem-store.ts';
import { type StagedRow, stagedRowsAfter } from '../store/staged-rows.ts';
import { closeBatch, markMembers, rememberMembers, rowPlace } from './batch.ts';
import type { ImportsDeps } from './deps.ts';

const batchRows = 500;
const factPlace = 700;

/** The next rows of a file of opening lots; null: there are none. */
export function applyLots(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  return deps.db.inOne(async (tx) => {
    const rows = await stagedRowsAfter(tx, rowPlace(one), batchRows);
    const last = rows.at(-1);
    if (!last) return null;
    const byMember = Map.groupBy(rows, (row) => row.memberId ?? '');
    await rememberMembers(tx, deps, one.importId, [...byMember.keys()]);
    const granted = await grantAll(tx, deps, one, byMember);
    await saveMade(tx, one.importId, granted.lots);
    await markMembers(tx, one.importId, new Map([...byMember.keys()].map((memberId) => [memberId, 0])));
    return closeBatch(tx, deps, one, {
      made: { lots: granted.lots.length },
      problems: granted.problems,
      checkpoint: { after: String(last.rowNo) },
      finished: rows.length,
    });
  });
}

interface Granted {
  readonly lots: MadeObject[];
  readonly problems: StoredProblem[];
}

async function grantAll(
  tx: Tx,
  deps: ImportsDeps,
  one: FileImport,
  byMember: ReadonlyMap<string, readonly StagedRow[]>,
): Promise<Granted> {
  const settings = deps.program()?.ledger;
  if (settings === undefined) throw new Error('lots are imported after a program is published');
  const now = deps.clock.now();
  const context: LedgerContext = {
    now,
    recordedAt: now,
    newId: deps.newId,
    settings,
    causeKind: 'import',
    causeId: one.importId,
    zone: deps.zone,
  };
  const standings = await lockStandings(tx, [...byMember.keys()]);
  const accounts = await loadAccounts(tx, [...standings.values()]);
  const granted: Granted = { lots: [], problems: [] };
  const writes: {
    readonly standing: Standing;
    readonly movements: Parameters<typeof saveMovements>[1];
    readonly fact: Fact;
  }[] = [];
  for (const [memberId, rows] of byMember) {
    const standing = standings.get(memberId);
    const account = accounts.get(memberId);
    if (!standing || !account) {
      granted.problems.push(...rows.map(({ rowNo }) => problem(rowNo, 'member_unknown', 'member')));
      continue;
    }
    const wanted = rows.flatMap((row) => readLot(row, { standing, context, problems: granted.problems }));
    if (wanted.length === 0) continue;
    const settled = settle(account, now, context);
    const decision = grant(settled.state, wanted, context);
    granted.lots.push(...decision.lots.map(({ lotId }): MadeObject => ({ kind: 'lot', objectId: lotId, memberId })));
    const saved = nextRevision(withFigures(standing, figuresOf(decision.state, now)));
    const data = {
      import_id: one.importId,
      points: decision.lots.reduce((sum, lot) => sum + lot.amount, 0n),
      lots: decision.lots.length,
    };
    const fact: Fact = {
      memberId,
      factNo: factNo(saved.revision, factPlace),
      kind: 'points_imported',
      at: now,
      origin: 'import',
      data,
    };
    writes.push({ standing: saved, movements: [settled.movements, decision.movements], fact });
  }
  await all([
    saveMovements(
      tx,
      writes.flatMap(({ movements }) => movements),
    ),
    saveStandings(
      tx,
      writes.map(({ standing }) => standing),
    ),
    recordFacts(
      tx,
      writes.map(({ fact }) => fact),
    ),
  ]);
  return granted;
}

function problem(rowNo: number, code: string, field: string, detail = ''): StoredProblem {
  return { rowNo, code, field, detail };
}

interface LotContext {
  readonly standing: Standing;
  readonly context: LedgerContext;
  readonly problems: StoredProblem[];
}

function readLot(row: StagedRow, { standing, context, problems }: LotContext): NewLot[] {
  const record = JSON.parse(row.record) as Readonly<Record<string, string | undefined>>;
  const amount = BigInt(record['points'] ?? '0');
  if (amount <= 0n) {
    problems.push(problem(row.rowNo, 'points_not_positive', 'points', 'a lot has at least one point'));
    return [];
  }
  const startsAt = instantIn(record['starts_at']) ?? context.now;
  const days = record['inactivity_days'] === undefined ? null : Number(record['inactivity_days']);
  if (days !== null && days < 1) {
    problems.push(problem(row.rowNo, 'term_impossible', 'inactivity_days', 'at least one day'));
    return [];
  }
  const burnsAt = days === null ? instantIn(record['burns_at']) : endOfDaysAfter(startsAt, days, context.zone);
  if (burnsAt !== null && isAtOrBefore(burnsAt, startsAt)) {
    problems.push(problem(row.rowNo, 'term_impossible', 'burns_at', 'it would burn before it starts'));
    return [];
  }
  // R9: a whole chain's points would burn on day one, because nobody said when its members last bought.
  const end = days === null ? burnsAt : later(burnsAt, standing.inactivityDeadline);
  if (end !== null && isAtOrBefore(end, context.now)) {
    const hint = days === null ? 'its last day is past' : 'import the last purchase (progress) before the lots';
    problems.push(problem(row.rowNo, 'would_burn_at_once', days === null ? 'burns_at' : 'inactivity_days', hint));
    return [];
  }
  return [
    {
      ...lotTerms,
      rule: record['note'] ?? 'opening_balance',
      points: points(amount),
      startsAt,
      burnsAt,
      inactivityDays: days,
    },
  ];
}

const lotTerms = { source: 'import', restriction: null, funder: null, paysDebt: true } as const;

function instantIn(text: string | undefined): Instant | null {
  return text === undefined ? null : Temporal.Instant.from(text);
}
