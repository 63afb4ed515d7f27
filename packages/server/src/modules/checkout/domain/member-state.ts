import type { AccountState } from '#modules/ledger/index.ts';
import type { MemberForCheckout } from '#modules/members/index.ts';
import type { MemberUse, PersonalWindow } from '#modules/program/index.ts';
import type { Standing } from '#modules/standing/index.ts';
import type { TierProgress } from '#modules/tiers/index.ts';

/**
 * Everything of one member that a sale may read or change, loaded once under the member's lock. A batch (import, replay) folds many sales
 * over it before anything is saved: confirm is a batch of one.
 */
export interface MemberState {
  readonly memberId: string;
  readonly person: MemberForCheckout;
  /** The member's own zone, else the shop's of joining, else the installation's (R3). */
  readonly zone: string;
  readonly standing: Standing;
  readonly account: AccountState;
  /** All open lots, holds and debts are loaded; otherwise figures go by difference (architecture.md: lots only when needed). */
  readonly complete: boolean;
  readonly windows: readonly PersonalWindow[];
  readonly uses: ReadonlyMap<string, MemberUse>;
  /** Day buckets for tier conditions over a window; null: the program has none. */
  readonly progress: TierProgress | null;
}
