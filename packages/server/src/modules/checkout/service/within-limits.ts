import { brokenLimit } from '#modules/promotions/index.ts';

/** What an attempt at a sale has to know of the ones before it. */
export interface Attempt {
  /** 1, 2 … From the second on, budgets are read under lock: what is quoted then fits (R25). */
  readonly number: number;
}

const attemptsMax = 5;

/**
 * A total limit is a row that breaks its own constraint when it is overdrawn, so a sale that loses the last slot to a parallel one fails as a
 * whole and is quoted again, without that promotion or with what is left of it (R25).
 */
export async function untilWithinLimits<Value>(attempt: (attempt: Attempt) => Promise<Value>): Promise<Value> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt({ number });
    } catch (error) {
      if (brokenLimit(error) === null || number >= attemptsMax) throw error;
    }
  }
}
