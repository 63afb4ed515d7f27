import { done, type Outcome } from '#kernel/outcome.ts';
import { endOfDay, type PlainDate, startOfDay } from '#kernel/time.ts';
import type { Caller } from '#platform/http/caller.ts';
import { type DayTotals, readDayTotals } from '../store/day-totals.ts';
import type { CheckoutDeps } from './deps.ts';
import { findShop, type ShopRefusal } from './read-sale.ts';

export interface DayCheck {
  readonly shopCode: string;
  readonly date: PlainDate;
  readonly sales: DayTotals;
  readonly returns: DayTotals;
  readonly caller: Caller;
}

export interface CheckedTotals extends DayTotals {
  readonly countDifference: number;
  readonly sumDifference: bigint;
}

export interface CheckedDay {
  readonly matches: boolean;
  readonly sales: CheckedTotals;
  readonly returns: CheckedTotals;
}

/** A shop's local day as we have it, against its Z-report: differences are ours minus the till's. Test receipts stay out. */
export async function checkDay(deps: CheckoutDeps, asked: DayCheck): Promise<Outcome<CheckedDay, ShopRefusal>> {
  const shop = findShop(deps.catalog.snapshot(), asked.shopCode, asked.caller);
  if (!shop.ok) return shop;
  const { shopId, zone } = shop.value;
  const day = { shopId, from: startOfDay(asked.date, zone), until: endOfDay(asked.date, zone) };
  const totals = await readDayTotals(deps.db, day);
  const sales = compare(totals.sales, asked.sales);
  const returns = compare(totals.returns, asked.returns);
  return done({ matches: isEqual(sales) && isEqual(returns), sales, returns });
}

function compare(ours: DayTotals, theirs: DayTotals): CheckedTotals {
  return { ...ours, countDifference: ours.count - theirs.count, sumDifference: ours.sum - theirs.sum };
}

function isEqual(totals: CheckedTotals): boolean {
  return totals.countDifference === 0 && totals.sumDifference === 0n;
}
