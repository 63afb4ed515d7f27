import type { Db } from '#platform/db.ts';
import { type LimitState, readLimits } from '../store/limits.ts';

export type { LimitState, LimitUsed } from '../store/limits.ts';

/** Every total limit as the sales left it. */
export function limitsUsed(db: Db): Promise<LimitState[]> {
  return readLimits(db, 'all');
}
