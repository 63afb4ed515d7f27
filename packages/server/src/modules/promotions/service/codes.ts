import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Instant, isBefore } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { type Database, inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { NewId } from '#platform/random.ts';
import { codeKey, keyLengthMin } from '../domain/code-key.ts';
import type { PromoCode } from '../domain/promo-code.ts';
import { findPromoCodes } from '../store/code-lookup.ts';
import { cancelCode, insertPromoCode } from '../store/codes.ts';

export interface CodeDeps {
  readonly db: Database;
  readonly newId: NewId;
  /** The living member behind an id (an alias leads to its survivor); null: nobody. Wiring gives it: members is not below us. */
  readonly resolveMember: (memberId: string) => Promise<string | null>;
}

export interface CodeOrder {
  readonly text: string;
  readonly promotionCode: string;
  readonly memberId: string | null;
  readonly usesMax: number | null;
  readonly validFrom: Instant | null;
  readonly validUntil: Instant | null;
  readonly now: Instant;
  readonly caller: Caller;
}

export type CodeRefusal =
  | { readonly code: 'promo_code_taken' | 'promo_code_unreadable'; readonly field: '/code' }
  | { readonly code: 'term_reversed'; readonly field: '/valid_until' }
  | { readonly code: 'member_not_found'; readonly field: '/member_id' };

/** A common code, or a personal one when a member is named. */
export async function createCode(deps: CodeDeps, order: CodeOrder): Promise<Outcome<PromoCode, CodeRefusal>> {
  const key = codeKey(order.text);
  if (key.length < keyLengthMin) return refused({ code: 'promo_code_unreadable', field: '/code' });
  const { validFrom, validUntil, now } = order;
  if (validFrom !== null && validUntil !== null && !isBefore(validFrom, validUntil)) {
    return refused({ code: 'term_reversed', field: '/valid_until' });
  }
  const memberId = order.memberId === null ? null : await deps.resolveMember(order.memberId);
  if (order.memberId !== null && memberId === null) return refused({ code: 'member_not_found', field: '/member_id' });
  const code: PromoCode = {
    codeKey: key,
    text: order.text.trim(),
    kind: memberId === null ? 'common' : 'personal',
    promotionCode: order.promotionCode,
    poolId: null,
    memberId,
    issuedBy: null,
    validFrom,
    validUntil,
    usesMax: order.usesMax,
    uses: 0,
    cancelledAt: null,
    createdAt: now,
  };
  return inTransaction(deps.db, async (tx) => {
    if (!(await insertPromoCode(tx, code))) return refused({ code: 'promo_code_taken', field: '/code' });
    const after = { promotion: code.promotionCode, uses_max: code.usesMax };
    await recordAudit(tx, audit(deps, order, { action: 'promo_code.create', key, after }));
    return done(code);
  });
}

export async function readCode(
  deps: CodeDeps,
  text: string,
): Promise<Outcome<PromoCode, { readonly code: 'promo_code_not_found' }>> {
  const key = codeKey(text);
  const code = (await findPromoCodes(deps.db, [key])).get(key);
  return code ? done(code) : refused({ code: 'promo_code_not_found' });
}

export async function cancelPromoCode(
  deps: CodeDeps,
  command: { readonly text: string; readonly now: Instant; readonly caller: Caller },
): Promise<Outcome<null, { readonly code: 'promo_code_not_found' }>> {
  const key = codeKey(command.text);
  return inTransaction(deps.db, async (tx) => {
    if (!(await cancelCode(tx, key, command.now))) return refused({ code: 'promo_code_not_found' });
    await recordAudit(tx, audit(deps, command, { action: 'promo_code.cancel', key, after: null }));
    return done(null);
  });
}

function audit(
  deps: CodeDeps,
  command: { readonly now: Instant; readonly caller: Caller },
  what: { readonly action: string; readonly key: string; readonly after: unknown },
) {
  const { now, caller } = command;
  return {
    now,
    newId: deps.newId,
    caller,
    action: what.action,
    subject: { kind: 'promo_code', id: what.key },
    before: null,
    after: what.after,
  };
}
