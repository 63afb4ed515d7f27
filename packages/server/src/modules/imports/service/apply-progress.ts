import { Temporal } from 'temporal-polyfill';
import { money } from '#kernel/money.ts';
import { earlier, type Instant } from '#kernel/time.ts';
import {
  figuresOf,
  loadAccounts,
  type Movements,
  purchaseRenews,
  saveMovements,
  settle,
} from '#modules/ledger/index.ts';
import { lockStandings, nextRevision, type Standing, saveStandings, withFigures } from '#modules/standing/index.ts';
import { saveTierChanges, type TierChange } from '#modules/tiers/index.ts';
import { all, type Tx } from '#platform/db.ts';
import { type Fact, factNo, recordFacts } from '#platform/facts.ts';
import type { FileImport } from '../domain/import.ts';
import type { StoredProblem } from '../store/problem-store.ts';
import { type StagedRow, stagedRowsAfter } from '../store/staged-rows.ts';
import { closeBatch, markMembers, rememberMembers, rowPlace } from './batch.ts';
import type { ImportsDeps, ProgramSettings } from './deps.ts';

const batchRows = 500;
const factPlace = 710;

/** The next rows of a file of tiers and last purchases; null: there are none. */
export function applyProgress(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  return deps.db.inOne(async (tx) => {
    const rows = await stagedRowsAfter(tx, rowPlace(one), batchRows);
    const last = rows.at(-1);
    if (!last) return null;
    const ids = [...new Set(rows.flatMap(({ memberId }) => memberId ?? []))];
    await rememberMembers(tx, deps, one.importId, ids);
    const changed = await changeAll(tx, deps, one, rows);
    await markMembers(tx, one.importId, new Map(ids.map((memberId) => [memberId, 0])));
    return closeBatch(tx, deps, one, {
      made: { progress: changed.count },
      problems: changed.problems,
      checkpoint: { after: String(last.rowNo) },
      finished: rows.length,
    });
  });
}

async function changeAll(
  tx: Tx,
  deps: ImportsDeps,
  one: FileImport,
  rows: readonly StagedRow[],
): Promise<{ count: number; problems: StoredProblem[] }> {
  const program = deps.program();
  if (program === null) throw new Error('progress is imported after a program is published');
  const now = deps.clock.now();
  const standings = await lockStandings(
    tx,
    rows.flatMap(({ memberId }) => memberId ?? []),
  );
  const accounts = await loadAccounts(tx, [...standings.values()]);
  const problems: StoredProblem[] = [];
  const saved = new Map<string, Standing>();
  const changes: TierChange[] = [];
  const movements: Movements[] = [];
  for (const row of rows) {
    const standing = standings.get(row.memberId ?? '');
    const account = accounts.get(row.memberId ?? '');
    const wrong = !standing || !account ? 'member_unknown' : saved.has(standing.memberId) ? 'member_repeated' : null;
    const read =
      wrong === null && standing
        ? readProgress(row, standing, { deps, program })
        : { problem: wrong ?? 'member_unknown' };
    if ('problem' in read || !account) {
      problems.push({
        rowNo: row.rowNo,
        code: 'problem' in read ? read.problem : 'member_unknown',
        field: 'member',
        detail: '',
      });
      continue;
    }
    // The deadline comes first: what it keeps alive must not burn by the old one.
    const settled = settle({ ...account, inactivityDeadline: read.standing.inactivityDeadline }, now, {
      recordedAt: now,
      newId: deps.newId,
      settings: program.ledger,
    });
    movements.push(settled.movements);
    if (read.change) changes.push(read.change);
    const whole = withFigures(read.standing, figuresOf(settled.state, now));
    saved.set(whole.memberId, nextRevision(whole));
  }
  const list = [...saved.values()];
  await all([
    saveMovements(tx, movements),
    saveTierChanges(
      tx,
      changes.map((change) => ({ change, causeId: one.importId })),
      { tiers: program.tiers, now, newId: deps.newId },
    ),
    saveStandings(tx, list),
    recordFacts(
      tx,
      list.map((standing) => factOf(standing, one.importId, now)),
    ),
  ]);
  return { count: list.length, problems };
}

function factOf(standing: Standing, importId: string, now: Instant): Fact {
  const data = { import_id: importId, tier: standing.tierCode };
  return {
    memberId: standing.memberId,
    factNo: factNo(standing.revision, factPlace),
    kind: 'progress_imported',
    at: now,
    origin: 'import',
    data,
  };
}

interface ProgressContext {
  readonly deps: ImportsDeps;
  readonly program: ProgramSettings;
}

type ProgressRead = { readonly standing: Standing; readonly change: TierChange | null } | { readonly problem: string };

/** What the file says stands beside what Kopilka counted itself only where that is nothing yet. */
function readProgress(row: StagedRow, before: Standing, context: ProgressContext): ProgressRead {
  const record = JSON.parse(row.record) as Readonly<Record<string, string | undefined>>;
  const at = (name: string): Instant | null =>
    record[name] === undefined ? null : Temporal.Instant.from(record[name]);
  const tier = record['tier'];
  if (tier !== undefined && !context.program.tiers.list.some(({ code }) => code === tier))
    return { problem: 'tier_unknown' };
  if (before.receiptsCount > 0) return { problem: 'member_has_receipts' };
  const shop =
    record['last_shop'] === undefined ? null : context.deps.catalog.catalog.snapshot().shopByCode(record['last_shop']);
  if (record['last_shop'] !== undefined && shop === null) return { problem: 'shop_unknown' };
  const lastPurchaseAt = at('last_purchase_at');
  const days = Number(record['inactivity_days'] ?? 0);
  const renewed =
    lastPurchaseAt !== null && days > 0
      ? purchaseRenews(before.inactivityDeadline, lastPurchaseAt, days, context.deps.zone)
      : before.inactivityDeadline;
  const standing: Standing = {
    ...before,
    receiptsCount: Number(record['receipts_count'] ?? 0),
    paidTotal: money(BigInt(record['paid_total'] ?? '0')),
    firstPurchaseAt: earlier(at('first_purchase_at'), lastPurchaseAt),
    lastPurchaseAt,
    lastShopId: shop?.shopId ?? before.lastShopId,
    inactivityDeadline: renewed,
  };
  if (tier === undefined) return { standing, change: null };
  const now = context.deps.clock.now();
  const to = { tierCode: tier, since: at('tier_since') ?? now, reviewAt: at('tier_review_at') };
  const from = { tierCode: before.tierCode, since: before.tierSince, reviewAt: before.tierReviewAt };
  const change: TierChange = {
    memberId: before.memberId,
    at: to.since,
    from,
    to,
    cause: 'import',
    direction: directionOf(context.program, from.tierCode, tier),
  };
  return { standing: { ...standing, tierCode: tier, tierSince: to.since, tierReviewAt: to.reviewAt }, change };
}

function directionOf({ tiers }: ProgramSettings, from: string | null, to: string): TierChange['direction'] {
  const rank = (code: string | null) => tiers.list.find((tier) => tier.code === code)?.rank ?? -1;
  if (rank(to) === rank(from)) return 'same';
  return rank(to) > rank(from) ? 'up' : 'down';
}
