import type { Instant } from '#kernel/time.ts';
import { type Movements, noMovements, settle } from '#modules/ledger/index.ts';
import type { CompiledProgram } from '#modules/program/index.ts';
import { settleTier, type TierChange, tierNeedsSettling } from '#modules/tiers/index.ts';
import type { MemberState } from '../domain/member-state.ts';
import { ledgerSettings } from './ledger-context.ts';

export interface SettledState {
  readonly state: MemberState;
  readonly movements: Movements;
  readonly tierChanges: readonly TierChange[];
}

/** Brings a loaded member to `now`: starts, burns, time-outs and tier reviews that time alone has brought (R7, R27). Pure. */
export function settleState(
  state: MemberState,
  program: CompiledProgram,
  moment: { now: Instant; newId: () => string },
): SettledState {
  const { now, newId } = moment;
  const points = state.complete
    ? settle(state.account, now, { recordedAt: now, newId, settings: ledgerSettings(program) })
    : { state: state.account, movements: noMovements };
  const { tiers } = program.document;
  const tier = tierNeedsSettling(tiers, state.standing, now)
    ? settleTier(tiers, { standing: state.standing, progress: state.progress, now, zone: state.zone })
    : { standing: state.standing, changes: [] };
  return {
    state: { ...state, account: points.state, standing: tier.standing },
    movements: points.movements,
    tierChanges: tier.changes,
  };
}
