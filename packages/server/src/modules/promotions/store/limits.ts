import type { BudgetLeft, TotalLimit } from '#modules/program/index.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';

/** What a sale takes from a promotion's total limit, or gives back. */
export interface Taking {
  readonly promotionCode: string;
  readonly uses: bigint;
  readonly points: bigint;
  readonly money: bigint;
}

// The hottest row of a sale: by its key, no index on what changes (HOT), one statement for three budgets. Over the limit it breaks
// `limit_counter_within_max`. An upsert, so that a limit without its row (a program published past us) is a limit all the same; where the
// row exists, and it does, PostgreSQL goes straight to the update. The maximum is the published one: a sale never changes it.
const take = statement<never>(
  'promotions.take_limit',
  `insert into promotions.limit_counter as c (promotion_code, uses, points, money, uses_max, points_max, money_max)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (promotion_code) do update set
     uses = c.uses + excluded.uses, points = c.points + excluded.points, money = c.money + excluded.money`,
);

// greatest() and least() ignore nulls: no maximum, no excess.
const takeForced = statement<never>(
  'promotions.take_limit_forced',
  `insert into promotions.limit_counter as c
     (promotion_code, uses, points, money, uses_max, points_max, money_max, uses_forced, points_forced, money_forced)
   values ($1, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::bigint, $7::bigint,
     greatest(0, $2::bigint - $5::bigint), greatest(0, $3::bigint - $6::bigint), greatest(0, $4::bigint - $7::bigint))
   on conflict (promotion_code) do update set
     uses = c.uses + excluded.uses, points = c.points + excluded.points, money = c.money + excluded.money,
     uses_forced = greatest(c.uses_forced, c.uses + excluded.uses - c.uses_max),
     points_forced = greatest(c.points_forced, c.points + excluded.points - c.points_max),
     money_forced = greatest(c.money_forced, c.money + excluded.money - c.money_max)`,
);

const giveBack = statement<never>(
  'promotions.give_back_limit',
  `update promotions.limit_counter set
     uses = uses - $2, points = points - $3, money = money - $4,
     uses_forced = greatest(0, least(uses_forced, uses - $2 - uses_max)),
     points_forced = greatest(0, least(points_forced, points - $3 - points_max)),
     money_forced = greatest(0, least(money_forced, money - $4 - money_max))
   where promotion_code = $1`,
);

// A lowered maximum leaves what was used above it as excess; a raised one takes excess in.
const ensure = statement<never>(
  'promotions.ensure_limit',
  `insert into promotions.limit_counter as c (promotion_code, uses_max, points_max, money_max) values ($1, $2, $3, $4)
   on conflict (promotion_code) do update set
     uses_max = excluded.uses_max, points_max = excluded.points_max, money_max = excluded.money_max,
     uses_forced = greatest(0, c.uses - excluded.uses_max),
     points_forced = greatest(0, c.points - excluded.points_max),
     money_forced = greatest(0, c.money - excluded.money_max)`,
);

const lift = statement<never>(
  'promotions.lift_limits',
  `update promotions.limit_counter set
     uses_max = null, points_max = null, money_max = null, uses_forced = 0, points_forced = 0, money_forced = 0
   where promotion_code = any($1)`,
);

const counterColumns = `promotion_code, uses, uses_forced, uses_max, points, points_forced, points_max, money, money_forced, money_max`;
const read = statement<CounterRow>(
  'promotions.read_limits',
  `select ${counterColumns} from promotions.limit_counter where promotion_code = any($1)`,
);
const readAll = statement<CounterRow>(
  'promotions.read_all_limits',
  `select ${counterColumns} from promotions.limit_counter order by promotion_code limit 1000`,
);
const lock = statement<CounterRow>(
  'promotions.lock_limits',
  `select ${counterColumns} from promotions.limit_counter where promotion_code = any($1) order by promotion_code for update`,
);

interface CounterRow {
  promotion_code: string;
  uses: bigint;
  uses_forced: bigint;
  uses_max: bigint | null;
  points: bigint;
  points_forced: bigint;
  points_max: bigint | null;
  money: bigint;
  money_forced: bigint;
  money_max: bigint | null;
}

export interface LimitUsed {
  readonly used: bigint;
  readonly forced: bigint;
  readonly max: bigint | null;
}

export interface LimitState {
  readonly promotionCode: string;
  readonly uses: LimitUsed;
  readonly points: LimitUsed;
  readonly money: LimitUsed;
}

export async function takeFromLimit(tx: Tx, taking: Taking, limit: TotalLimit, forced: boolean): Promise<void> {
  const { promotionCode, uses, points, money } = taking;
  await tx.run(forced ? takeForced : take, [promotionCode, uses, points, money, limit.uses, limit.points, limit.money]);
}

export async function giveBackToLimit(tx: Tx, taking: Taking): Promise<void> {
  await tx.run(giveBack, [taking.promotionCode, taking.uses, taking.points, taking.money]);
}

export async function ensureLimit(tx: Tx, promotionCode: string, limit: TotalLimit): Promise<void> {
  await tx.run(ensure, [promotionCode, limit.uses, limit.points, limit.money]);
}

export async function liftLimits(tx: Tx, promotionCodes: readonly string[]): Promise<void> {
  await tx.run(lift, [promotionCodes]);
}

export async function readLimits(db: Db, promotionCodes: readonly string[] | 'all'): Promise<LimitState[]> {
  const rows = promotionCodes === 'all' ? await db.run(readAll, []) : await db.run(read, [promotionCodes]);
  return rows.map(limitOf);
}

/** The same, so that nobody takes between this and the sale's own taking. In the codes' order, as every sale takes them. */
export async function lockLimits(tx: Tx, promotionCodes: readonly string[]): Promise<LimitState[]> {
  return (await tx.run(lock, [promotionCodes])).map(limitOf);
}

function limitOf(row: CounterRow): LimitState {
  return {
    promotionCode: row.promotion_code,
    uses: { used: row.uses, forced: row.uses_forced, max: row.uses_max },
    points: { used: row.points, forced: row.points_forced, max: row.points_max },
    money: { used: row.money, forced: row.money_forced, max: row.money_max },
  };
}

export function budgetLeft(limit: LimitState): BudgetLeft {
  return { uses: left(limit.uses), points: left(limit.points), money: left(limit.money) };
}

function left({ used, forced, max }: LimitUsed): bigint | null {
  return max === null ? null : max - (used - forced);
}
