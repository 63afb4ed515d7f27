import type { BudgetLeft } from '#modules/program/index.ts';

/** What a lane holds of each budget. */
export interface LaneShare {
  readonly uses: bigint;
  readonly points: bigint;
  readonly money: bigint;
}

/** As many as tills of one server meet at a time; more would only scatter the budget. */
export const laneCount = 16;

// A lane gets a 64th, all lanes together a quarter of what is left. Below these a budget is near its end, or small, and one row serves it.
const partOfLeft = 64n;
const least: LaneShare = { uses: 100n, points: 20_000n, money: 5_000_000n };
/** A budget without a maximum is only counted. */
const unlimited = 1_000_000_000_000n;

/** What each lane is given of what is left; null: lanes are not worth it. */
export function laneShare(left: BudgetLeft): LaneShare | null {
  const share = { uses: shareOf(left.uses), points: shareOf(left.points), money: shareOf(left.money) };
  const isWorth = share.uses >= least.uses && share.points >= least.points && share.money >= least.money;
  return isWorth ? share : null;
}

function shareOf(left: bigint | null): bigint {
  return left === null ? unlimited : left / partOfLeft;
}

/** The lane of a receipt: by the last digit of its id, which is chance. */
export function laneOf(receiptId: string): number {
  return Number.parseInt(receiptId.slice(-1), 16) % laneCount;
}
