import type { Instant, PlainDate } from '#kernel/time.ts';
import type { MemberUse, PersonalWindow } from '#modules/program/index.ts';
import { all, type Db } from '#platform/db.ts';
import { readMemberUses, readOpenWindows } from '../store/windows.ts';

export interface QuoteNeeds {
  /** The program has promotions for personal windows. */
  readonly windows: boolean;
  /** The program has limits per member or day. */
  readonly uses: boolean;
  /** The receipt's own time. */
  readonly at: Instant;
  /** The shop-local day at which uses count. */
  readonly day: PlainDate;
}

export interface MemberPromotions {
  readonly windows: readonly PersonalWindow[];
  readonly uses: ReadonlyMap<string, MemberUse>;
}

/** What the quote needs of a member's promotions; sent without waiting, so it rides with the locking load. Nothing is asked that is not needed. */
export async function loadForQuote(db: Db, memberId: string, needs: QuoteNeeds): Promise<MemberPromotions> {
  const windows = needs.windows ? readOpenWindows(db, memberId, needs.at) : Promise.resolve([]);
  const uses = needs.uses ? readMemberUses(db, memberId, needs.day) : Promise.resolve(new Map<string, MemberUse>());
  await all([windows, uses]);
  return { windows: await windows, uses: await uses };
}
