import type {
  claimRoute,
  confirmRequest,
  fiscalRequisites,
  receiptBatchRoute,
  returnRequest,
} from '@kopilka/contract/checkout';
import { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import { points } from '#kernel/points.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { FiscalRequisites } from '../domain/fiscal.ts';
import type { ClaimedBy } from '../service/claim-receipt.ts';
import { contentOf } from '../service/content-of-request.ts';
import type { ReturnCommand } from '../service/return-goods.ts';
import type { ConfirmCommand } from '../service/sale-command.ts';
import type { UploadItem } from '../service/upload-receipts.ts';

interface Arriving {
  readonly caller: Caller;
  readonly now: Temporal.Instant;
}

export function confirmCommandOf(request: z.output<typeof confirmRequest>, { caller, now }: Arriving): ConfirmCommand {
  const { printed } = request;
  return {
    id: request.id,
    content: contentOf(request),
    caller,
    now,
    paid: request.paid ?? false,
    printed:
      printed === undefined
        ? null
        : {
            redeemedPoints: printed.redeemed_points === undefined ? null : points(printed.redeemed_points),
            discount: printed.discount ?? null,
          },
    fiscal: (request.fiscal ?? []).map(fiscalOf),
    moreToCome: request.more_to_come ?? false,
    partId: request.part_id ?? null,
    cashier: request.cashier ?? null,
  };
}

export function returnCommandOf(request: z.output<typeof returnRequest>, { caller, now }: Arriving): ReturnCommand {
  return {
    id: request.id,
    shopCode: request.shop,
    at: request.at === undefined ? null : Temporal.Instant.from(request.at),
    receipt: { id: request.receipt.id, shopCode: request.receipt.shop ?? null },
    wish: {
      lines:
        request.lines?.map((line) => ({
          lineId: line.line_id,
          quantity: line.quantity ?? null,
          sum: line.sum ?? null,
        })) ?? null,
      sum: request.sum ?? null,
    },
    moneyReturned: request.money_returned ?? null,
    caller,
    now,
  };
}

export function fiscalOf(fiscal: z.output<typeof fiscalRequisites>): FiscalRequisites {
  return {
    drive: fiscal.drive,
    document: fiscal.document,
    sign: fiscal.sign,
    at: fiscal.at === undefined ? null : Temporal.Instant.from(fiscal.at),
    sum: fiscal.sum ?? null,
    lineIds: fiscal.line_ids ?? null,
    purpose: fiscal.purpose ?? 'sale',
  };
}

export function uploadItemOf(
  receipt: z.output<typeof receiptBatchRoute.body>['receipts'][number],
  arriving: Arriving,
): UploadItem {
  return 'sale' in receipt
    ? { kind: 'sale', sale: confirmCommandOf(receipt.sale, arriving) }
    : { kind: 'return', returned: returnCommandOf(receipt.return, arriving) };
}

/** null: the receipt is named in no way, or in two. */
export function claimedByOf(body: z.output<typeof claimRoute.body>): ClaimedBy | null {
  const { receipt, fiscal, purchase } = body;
  const ways: ClaimedBy[] = [];
  if (receipt) ways.push({ kind: 'id', shopCode: receipt.shop, id: receipt.id });
  if (fiscal) ways.push({ kind: 'fiscal', fiscal });
  if (purchase)
    ways.push({ kind: 'purchase', shopCode: purchase.shop, at: Temporal.Instant.from(purchase.at), sum: purchase.sum });
  return ways.length === 1 ? (ways[0] ?? null) : null;
}
