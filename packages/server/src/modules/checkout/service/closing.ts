import { type Instant, isAtOrBefore } from '#kernel/time.ts';
import type { CompiledProgram } from '#modules/program/index.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { ReceiptKey } from '../store/receipt-keys.ts';
import type { ShippedParts } from '../store/receipt-parts.ts';
import type { Confirming } from './confirm-sale.ts';
import type { SaleRecord } from './sale-command.ts';
import type { SettledState } from './settle-state.ts';

/** What confirming a held sale knows, whole or in parts. */
export interface ConfirmingHeld extends Confirming {
  readonly held: ReceiptKey;
  readonly digest: Uint8Array;
}

export interface Closing extends ConfirmingHeld {
  readonly before: SaleRecord;
  readonly program: CompiledProgram;
  readonly settled: SettledState | null;
  readonly key: ReceiptKey;
  readonly earlier: ShippedParts;
}

/** True by time alone (R7): whether or not due work has written it down. */
export function hasEnded({ state, holdExpiresAt }: Receipt, now: Instant): boolean {
  return state !== 'held' || (holdExpiresAt !== null && isAtOrBefore(holdExpiresAt, now));
}
