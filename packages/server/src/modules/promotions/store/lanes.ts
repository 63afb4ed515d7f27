import { insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import { type LaneShare, laneCount } from '../domain/lanes.ts';
import type { Taking } from './limits.ts';

// Where the lane exists this is an update. Where it was just folded the insert breaks `limit_lane_opened` (see 0012_limit_lanes.sql): an UPDATE
// would find no row and say nothing, and the sale's COMMIT is on its way already.
const takeFrom = statement<never>(
  'promotions.take_lane',
  `insert into promotions.limit_lane as l (promotion_code, lane, opening, uses, points, money) values ($1, $2, 0, 0, 0, 0)
   on conflict (promotion_code, lane) do update set uses = l.uses - $3, points = l.points - $4, money = l.money - $5`,
);

const foldAll = statement<{ promotion_code: string; uses: bigint; points: bigint; money: bigint }>(
  'promotions.fold_lanes',
  'delete from promotions.limit_lane where promotion_code = any($1) returning promotion_code, uses, points, money',
);

const insertLanes = rowsStatement('promotions.insert_lane', {
  head: 'insert into promotions.limit_lane (promotion_code, lane, opening, uses, points, money)',
  columns: 6,
});

export async function takeFromLane(tx: Tx, taking: Taking, lane: number): Promise<void> {
  await tx.run(takeFrom, [taking.promotionCode, lane, taking.uses, taking.points, taking.money]);
}

/** Removes the lanes and answers what was left in them, by promotion. The caller holds the counters' locks. */
export async function foldLanes(tx: Tx, promotionCodes: readonly string[]): Promise<Map<string, Taking>> {
  const folded = new Map<string, Taking>();
  for (const row of await tx.run(foldAll, [promotionCodes])) {
    const before = folded.get(row.promotion_code) ?? { uses: 0n, points: 0n, money: 0n };
    folded.set(row.promotion_code, {
      promotionCode: row.promotion_code,
      uses: before.uses + row.uses,
      points: before.points + row.points,
      money: before.money + row.money,
    });
  }
  return folded;
}

export function openLanes(tx: Tx, promotionCode: string, share: LaneShare): Promise<void> {
  const lanes = Array.from({ length: laneCount }, (_, lane) => lane);
  return insertRows(
    tx,
    insertLanes,
    lanes.map((lane) => [promotionCode, lane, 1, share.uses, share.points, share.money]),
  );
}
