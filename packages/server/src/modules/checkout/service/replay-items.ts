import type { Instant } from '#kernel/time.ts';
import type { ContentLine } from '../domain/content.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';
import type { FactOrigin } from '../domain/receipt.ts';

/** One past receipt, in the order of time, as an import or a replay hands it over. Members and shops are found already. */
export type ReplayItem = ReplaySale | ReplayReturn;

export interface ReplaySale {
  readonly kind: 'sale';
  readonly id: string;
  readonly shopCode: string;
  readonly at: Instant;
  readonly memberId: string | null;
  readonly lines: readonly ContentLine[];
  /** Points it was paid with, in the old system's words; they are taken from what there is, never a debt. */
  readonly redeemedPoints?: bigint;
  readonly fiscal?: readonly FiscalRequisites[];
}

export interface ReplayReturn {
  readonly kind: 'return';
  readonly id: string;
  readonly shopCode: string;
  readonly at: Instant;
  /** The sale's own id, when the file names it. null: the member's latest receipts that have such articles are returned from, else it stands alone. */
  readonly saleId: string | null;
  readonly memberId: string | null;
  readonly lines: readonly { readonly sku: string; readonly quantity: bigint; readonly sum: bigint }[];
}

export interface ReplayOptions {
  readonly integration: string;
  readonly origin: Extract<FactOrigin, 'import' | 'replay'>;
  /** true: receipts count (totals, tiers, renewals) and give points by the program of their time; false: only recorded and counted, no points. */
  readonly earn: boolean;
}

export type ReplayAnswer =
  | { readonly kind: 'saved'; readonly id: string; readonly memberId: string; readonly receiptId: string }
  | { readonly kind: 'repeated'; readonly id: string }
  | { readonly kind: 'problem'; readonly id: string; readonly code: string };
