import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Instant, isBefore } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import type { PersonalWindow } from '#modules/program/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { readOpenWindows } from '../store/windows.ts';
import type { CodeDeps } from './codes.ts';
import { grantWindows } from './grant-windows.ts';

export interface WindowOrder {
  readonly memberId: string;
  readonly promotionCode: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly usesMax: number | null;
  readonly cause: string;
  readonly now: Instant;
  readonly caller: Caller;
}

export type WindowRefusal =
  | { readonly code: 'member_not_found' }
  | { readonly code: 'term_reversed'; readonly field: '/until' };

/** Staff or another system switches a promotion on for one member. Answers every window of the member from now on. */
export async function grantWindowByHand(
  deps: CodeDeps,
  order: WindowOrder,
): Promise<Outcome<readonly PersonalWindow[], WindowRefusal>> {
  if (!isBefore(order.from, order.until)) return refused({ code: 'term_reversed', field: '/until' });
  const memberId = await deps.resolveMember(order.memberId);
  if (memberId === null) return refused({ code: 'member_not_found' });
  const { promotionCode, from, until, usesMax, cause, now, caller } = order;
  return inTransaction(deps.db, async (tx) => {
    const windowId = deps.newId();
    await grantWindows(
      tx,
      [{ memberId, windowId, promotionCode, from, until, usesMax, causeKind: 'by_hand', causeId: cause }],
      now,
    );
    const after = { promotion: promotionCode, from: from.toString(), until: until.toString(), cause };
    const subject = { kind: 'member', id: memberId };
    await recordAudit(tx, { now, newId: deps.newId, caller, action: 'window.grant', subject, before: null, after });
    return done(await readOpenWindows(tx, memberId, now));
  });
}
