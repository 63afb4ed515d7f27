import type { Instant } from '#kernel/time.ts';
import type { AccountState, CauseKind } from './account.ts';
import type { Movements } from './movements.ts';

/** What the program sets about points; wiring hands it in, because the ledger knows no program. */
export interface LedgerSettings {
  /** Calendar months after which an unpaid debt is written off (R10); null: never. */
  readonly debtMonths: number | null;
  /** Where spent points are taken back from (R22): other available points first, or debt at once. */
  readonly takeBackFrom: 'other_points' | 'debt';
  /** True: a debt is forgiven the moment it would arise (R10). */
  readonly forgiveDebt: boolean;
  /** How long points live that a hold releases after their end (R18). */
  readonly holdGraceHours: number;
  /** How long a burned lot lives again at most, and what a return leaves of the inactivity term (R9, R22). */
  readonly revivedDays: number;
}

export const defaultLedgerSettings: LedgerSettings = {
  debtMonths: 12,
  takeBackFrom: 'other_points',
  forgiveDebt: false,
  holdGraceHours: 24,
  revivedDays: 14,
};

/** What time alone needs: settling is the same whoever asks. */
export interface SettleContext {
  readonly recordedAt: Instant;
  readonly newId: () => string;
  readonly settings: LedgerSettings;
}

export interface LedgerContext extends SettleContext {
  /** The instant the account is settled to and the decision is taken at. */
  readonly now: Instant;
  /** The cause's own time, for entries (a late receipt's). `now` when absent. */
  readonly at?: Instant;
  readonly causeKind: CauseKind;
  readonly causeId: string;
  /** The member's zone (R3): "14 days" includes the whole last local day. */
  readonly zone: string;
}

export interface Decision {
  readonly state: AccountState;
  readonly movements: Movements;
}
