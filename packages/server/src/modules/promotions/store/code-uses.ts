import type { Instant } from '#kernel/time.ts';
import { statement, type Tx } from '#platform/db.ts';

// Breaks `promo_code_within_max` when the last use went to a parallel sale: a unique code is single-use under any load (R25).
const take = statement<never>(
  'promotions.take_code_use',
  'update promotions.promo_code set uses = uses + 1 where code_key = $1',
);

const takeForced = statement<never>(
  'promotions.take_code_use_forced',
  `update promotions.promo_code set uses = uses + 1, uses_forced = greatest(uses_forced, uses + 1 - uses_max) where code_key = $1`,
);

const giveBack = statement<never>(
  'promotions.give_back_code_use',
  `update promotions.promo_code set uses = uses - 1, uses_forced = greatest(0, least(uses_forced, uses - 1 - uses_max))
   where code_key = $1 and uses > 0`,
);

const cancelIssued = statement<{ code_key: string }>(
  'promotions.cancel_issued_codes',
  'update promotions.promo_code set cancelled_at = $2 where issued_by = $1 and uses = 0 and cancelled_at is null returning code_key',
);

export async function takeUseOfCode(tx: Tx, codeKey: string, forced: boolean): Promise<void> {
  await tx.run(forced ? takeForced : take, [codeKey]);
}

/** A code past its term gets its use back as well: its term says that it is of no use (R26). */
export async function giveBackUseOfCode(tx: Tx, codeKey: string): Promise<void> {
  await tx.run(giveBack, [codeKey]);
}

/** Unused codes that a receipt issued (R22). */
export async function cancelCodesIssuedBy(tx: Tx, receiptId: string, at: Instant): Promise<string[]> {
  return (await tx.run(cancelIssued, [receiptId, at])).map((row) => row.code_key);
}
