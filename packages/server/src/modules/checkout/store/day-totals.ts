import type { Instant } from '#kernel/time.ts';
import { all, type Db, statement } from '#platform/db.ts';

export interface DayTotals {
  readonly count: number;
  /** Money, minor units. */
  readonly sum: bigint;
}

interface TotalsRow {
  count: bigint;
  sum: bigint;
}

// Reports of one shop over all members: a query that Citus sends to every shard. A claimed receipt counts as its copy, its original does not.
const salesOfDay = statement<TotalsRow>(
  'checkout.sum_sales_of_day',
  `select count(*) as count, coalesce(sum(paid), 0)::bigint as sum from checkout.receipt
   where shop_id = $1 and at >= $2 and at < $3 and state = 'confirmed' and not test and claimed_by is null`,
);

// Returns by their own day, whenever the goods were sold.
const returnsOfDay = statement<TotalsRow>(
  'checkout.sum_returns_of_day',
  `select count(*) as count, coalesce(sum(money_returned), 0)::bigint as sum from checkout.return
   where shop_id = $1 and at >= $2 and at < $3 and not test`,
);

export async function readDayTotals(
  db: Db,
  day: { shopId: string; from: Instant; until: Instant },
): Promise<{ sales: DayTotals; returns: DayTotals }> {
  const values = [day.shopId, day.from, day.until];
  const sales = db.run(salesOfDay, values);
  const returns = db.run(returnsOfDay, values);
  await all([sales, returns]);
  return { sales: totalsOf((await sales)[0]), returns: totalsOf((await returns)[0]) };
}

function totalsOf(row: TotalsRow | undefined): DayTotals {
  return { count: Number(row?.count ?? 0n), sum: row?.sum ?? 0n };
}
