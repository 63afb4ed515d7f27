import { required } from '#kernel/assert.ts';
import { done, type Outcome, type Refusal } from '#kernel/outcome.ts';
import { lockStanding, nextRevision, type Standing, saveStanding, withFigures } from '#modules/standing/index.ts';
import { all, type Tx } from '#platform/db.ts';
import type { AccountState } from '../domain/account.ts';
import type { Decision, LedgerContext } from '../domain/context.ts';
import { type Figures, figuresOf } from '../domain/figures.ts';
import { settle } from '../domain/settle.ts';
import { loadAccountOf, saveMovements } from '../store/account-store.ts';

export interface ChangedAccount<Result> {
  readonly standing: Standing;
  readonly figures: Figures;
  readonly result: Result;
}

/** Lock, load, settle, decide, save: the whole of a change that concerns the ledger alone. */
export async function changeAccount<Result extends Decision, Refused extends Refusal>(
  tx: Tx,
  memberId: string,
  context: LedgerContext,
  decide: (state: AccountState) => Outcome<Result, Refused>,
): Promise<Outcome<ChangedAccount<Result>, Refused>> {
  const standing = required(await lockStanding(tx, memberId), `standing of ${memberId}`);
  const settled = settle(await loadAccountOf(tx, standing), context.now, context);
  const decided = decide(settled.state);
  if (!decided.ok) return decided;
  const { state, movements } = decided.value;
  const figures = figuresOf(state, context.now);
  const saved = nextRevision(withFigures({ ...standing, inactivityDeadline: state.inactivityDeadline }, figures));
  await all([saveMovements(tx, [settled.movements, movements]), saveStanding(tx, saved)]);
  return done({ standing: saved, figures, result: decided.value });
}
