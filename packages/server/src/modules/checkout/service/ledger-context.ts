import type { Instant } from '#kernel/time.ts';
import type { CauseKind, LedgerContext, LedgerSettings } from '#modules/ledger/index.ts';
import type { CompiledProgram } from '#modules/program/index.ts';

export interface CauseOf {
  readonly kind: CauseKind;
  readonly id: string;
  /** The cause's own time, for its entries. */
  readonly at: Instant;
  readonly now: Instant;
  /** The member's zone (R3). */
  readonly zone: string;
  readonly newId: () => string;
}

/** What the program says of points, as the ledger wants it: the ledger knows no program. */
export function ledgerSettings(program: CompiledProgram): LedgerSettings {
  const { debts, holds, returns } = program.document;
  return {
    debtMonths: debts.write_off_months,
    forgiveDebt: debts.forgive_at_once,
    takeBackFrom: returns.take_back_from,
    holdGraceHours: holds.grace_hours,
    revivedDays: returns.revived_days,
  };
}

export function ledgerContext(program: CompiledProgram, cause: CauseOf): LedgerContext {
  return {
    now: cause.now,
    at: cause.at,
    recordedAt: cause.now,
    newId: cause.newId,
    settings: ledgerSettings(program),
    causeKind: cause.kind,
    causeId: cause.id,
    zone: cause.zone,
  };
}
