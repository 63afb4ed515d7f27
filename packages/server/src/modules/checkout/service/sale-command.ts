import type { Points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { SaleContent } from '../domain/content.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';
import type { FactOrigin, Receipt, ReceiptLine } from '../domain/receipt.ts';

export interface SaleCommand {
  /** The POS's own id of the sale. */
  readonly id: string;
  readonly content: SaleContent;
  readonly caller: Caller;
  readonly now: Instant;
}

export interface HoldCommand extends SaleCommand {
  readonly order: boolean;
}

export interface ConfirmCommand extends SaleCommand {
  readonly paid: boolean;
  readonly printed: Printed | null;
  readonly fiscal: readonly FiscalRequisites[];
  readonly moreToCome: boolean;
  readonly partId: string | null;
  readonly cashier: string | null;
  /** Told by imports and replays; otherwise the receipt's own time says whether it is late. */
  readonly origin?: FactOrigin;
}

/** What an offline till printed: it stands (R21). */
export interface Printed {
  readonly redeemedPoints: Points | null;
  readonly discount: bigint | null;
}

/** A sale as it is answered: what is kept, whoever asks and however often (R20). */
export interface SaleRecord {
  readonly receipt: Receipt;
  readonly lines: readonly ReceiptLine[];
}

export type SaleRefusal =
  | { readonly code: 'shop_unknown' | 'shop_not_allowed'; readonly field: string }
  | { readonly code: 'member_unknown' | 'member_erased'; readonly field: '/member' }
  | { readonly code: 'identity_invalid' | 'line_id_repeated' | 'discount_exceeds_sum'; readonly field: string }
  | { readonly code: 'time_in_future'; readonly field: '/at' }
  | { readonly code: 'program_not_published' };
