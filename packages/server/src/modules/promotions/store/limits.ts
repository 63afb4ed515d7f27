import type { BudgetLeft, TotalLimit } from '#modules/program/index.ts';
import { type Db, statement, type Tx } from '#platform/db.ts';
import { type LaneShare, laneCount } from '../domain/lanes.ts';
import { foldLanes, openLanes } from './lanes.ts';

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

const draw = statement<never>(
  'promotions.draw_lanes',
  'update promotions.limit_counter set uses = uses + $2, points = points + $3, money = money + $4 where promotion_code = $1',
);

const lift = statement<never>(
  'promotions.lift_limits',
  `update promotions.limit_counter set
     uses_max = null, points_max = null, money_max = null, uses_forced = 0, points_forced = 0, money_forced = 0
   where promotion_code = any($1)`,
);

// What is left in lanes was drawn from the counter and not used yet.
const selectCounters = `select c.promotion_code, c.uses - coalesce(l.uses, 0) as uses, c.uses_forced, c.uses_max,
    c.points - coalesce(l.points, 0) as points, c.points_forced, c.points_max,
    c.money - coalesce(l.money, 0) as money, c.money_forced, c.money_max, l.promotion_code is not null as laned
  from promotions.limit_counter c
  left join (
    select promotion_code, sum(uses)::bigint as uses, sum(points)::bigint as points, sum(money)::bigint as money
    from promotions.limit_lane group by promotion_code
  ) l using (promotion_code)`;
const read = statement<CounterRow>('promotions.read_limits', `${selectCounters} where c.promotion_code = any($1)`);
const readAll = statement<CounterRow>(
  'promotions.read_all_limits',
  `${selectCounters} order by c.promotion_code limit 1000`,
);
const lock = statement<CounterRow>(
  'promotions.lock_limits',
  `select promotion_code, uses, uses_forced, uses_max, points, points_forced, points_max, money, money_forced, money_max, false as laned
   from promotions.limit_counter where promotion_code = any($1) order by promotion_code for update`,
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
  laned: boolean;
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
  /** Parts of it are in lanes: a sale takes from one of those. */
  readonly laned: boolean;
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

/**
 * The same, so that nobody takes between this and the sale's own taking. In the codes' order, as every sale takes them. Lanes are folded back
 * into their counters first: what is left is all in one place.
 */
export async function lockLimits(tx: Tx, promotionCodes: readonly string[]): Promise<LimitState[]> {
  const locked = (await tx.run(lock, [promotionCodes])).map(limitOf);
  const folded = await foldLanes(tx, promotionCodes);
  for (const back of folded.values()) await giveBackToLimit(tx, back);
  return folded.size === 0 ? locked : (await tx.run(lock, [promotionCodes])).map(limitOf);
}

/** Draws lanes from a locked counter. */
export async function drawLanes(tx: Tx, promotionCode: string, share: LaneShare): Promise<void> {
  const lanes = BigInt(laneCount);
  await tx.run(draw, [promotionCode, share.uses * lanes, share.points * lanes, share.money * lanes]);
  await openLanes(tx, promotionCode, share);
}

function limitOf(row: CounterRow): LimitState {
  return {
    promotionCode: row.promotion_code,
    uses: { used: row.uses, forced: row.uses_forced, max: row.uses_max },
    points: { used: row.points, forced: row.points_forced, max: row.points_max },
    money: { used: row.money, forced: row.money_forced, max: row.money_max },
    laned: row.laned,
  };
}

export function budgetLeft(limit: LimitState): BudgetLeft {
  return { uses: left(limit.uses), points: left(limit.points), money: left(limit.money) };
}

function left({ used, forced, max }: LimitUsed): bigint | null {
  return max === null ? null : max - (used - forced);
}
