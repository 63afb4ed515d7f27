import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { AccountState } from './account.ts';
import type { Decision, LedgerContext } from './context.ts';
import { forgiveRemaining } from './debts.ts';
import { closeDraft, openDraft, takePoints } from './draft.ts';
import { causeOf } from './spend.ts';

/** Erasure (R34): the balance burns by entry, debt is forgiven, the ledger's sums stay; it waits for open orders. */
export function forfeit(state: AccountState, context: LedgerContext): Outcome<Decision, { code: 'open_orders' }> {
  if (state.holds.length > 0) return refused({ code: 'open_orders' });
  const draft = openDraft(state, context);
  for (const lot of state.lots) takePoints(draft, lot.lotId, lot.remaining, causeOf('expire', context));
  for (const debt of state.debts) forgiveRemaining(draft, debt);
  return done(closeDraft(draft));
}
