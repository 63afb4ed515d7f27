import type { Instant } from '#kernel/time.ts';
import { isTrueAt, readStanding, type Standing } from '#modules/standing/index.ts';
import type { Db } from '#platform/db.ts';
import type { AccountState } from '../domain/account.ts';
import type { LedgerSettings } from '../domain/context.ts';
import { type Burn, burnSchedule, type Figures, figuresOf } from '../domain/figures.ts';
import { settle } from '../domain/settle.ts';
import { loadAccountOf } from '../store/account-store.ts';
import { unwrittenId } from './deps.ts';

const triesMax = 5;

/** R7: true at the very instant, without a lock and with no job having run. null: no such member. */
export async function readBalance(db: Db, memberId: string, asked: AskedAt): Promise<Figures | null> {
  const standing = await readStanding(db, memberId);
  if (standing === null) return null;
  if (isTrueAt(standing, asked.now)) {
    const { available, pending, reserved, debt, changesAt } = standing;
    return { available, pending, reserved, debt, changesAt };
  }
  const account = await readAccount(db, memberId, asked);
  return account && figuresOf(account, asked.now);
}

export interface AskedAt {
  readonly now: Instant;
  readonly settings: LedgerSettings;
}

/** The account as it is at `now`, settled in memory. Nothing is locked, so it is read again when a writer was there in between. */
export async function readAccount(db: Db, memberId: string, { now, settings }: AskedAt): Promise<AccountState | null> {
  let standing = await readStanding(db, memberId);
  for (let tries = 1; standing !== null; tries += 1) {
    const account = await loadAccountOf(db, standing);
    const after: Standing | null = await readStanding(db, memberId);
    if (after?.revision === standing.revision) {
      return settle(account, now, { recordedAt: now, newId: unwrittenId, settings }).state;
    }
    if (tries === triesMax) throw new Error('a member changes faster than its balance can be read');
    standing = after;
  }
  return null;
}

/** What burns when, if nothing happens. */
export async function readBurnSchedule(db: Db, memberId: string, asked: AskedAt): Promise<Burn[]> {
  const account = await readAccount(db, memberId, asked);
  return account === null ? [] : burnSchedule(account);
}
