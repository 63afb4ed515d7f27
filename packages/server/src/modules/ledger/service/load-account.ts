import { readInactivityDeadline } from '#modules/standing/index.ts';
import { all, type Db } from '#platform/db.ts';
import type { AccountState } from '../domain/account.ts';
import { readOpenDebts } from '../store/debt-store.ts';
import { readHolds } from '../store/hold-store.ts';
import { readOpenLots } from '../store/lot-store.ts';

/** Everything open of one member: four statements in one round trip, which can travel with the lock itself. */
export async function loadAccount(db: Db, memberId: string): Promise<AccountState> {
  const lots = readOpenLots(db, memberId);
  const debts = readOpenDebts(db, memberId);
  const holds = readHolds(db, memberId);
  const deadline = readInactivityDeadline(db, memberId);
  await all([lots, debts, holds, deadline]);
  return { memberId, lots: await lots, debts: await debts, holds: await holds, inactivityDeadline: await deadline };
}
