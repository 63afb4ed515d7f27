import {
  claimRoute,
  confirmRoute,
  dayCheckRoute,
  fiscalRoute,
  memberReceiptsRoute,
  receiptBatchRoute,
  returnRoute,
  reviewRoute,
  waitingReceiptsRoute,
} from '@kopilka/contract/checkout';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { done, refused } from '#kernel/outcome.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { addFiscal } from '../service/add-fiscal.ts';
import { claimReceipt } from '../service/claim-receipt.ts';
import { memberKeyOf } from '../service/content-of-request.ts';
import { checkDay } from '../service/day-check.ts';
import type { CheckoutDeps } from '../service/deps.ts';
import { listReceiptsOf, listWaitingReceipts, type ReceiptPlace } from '../service/list-receipts.ts';
import { reviewReceipt } from '../service/review.ts';
import { shopOfReceipt } from '../service/shop-of-receipt.ts';
import { uploadReceipts } from '../service/upload-receipts.ts';
import { presentSale } from './present.ts';
import { presentSummary, presentTotalsCheck, presentUpload } from './present-receipts.ts';
import { claimedByOf, fiscalOf, uploadItemOf } from './read-request.ts';

/** What happens to receipts after the till: offline uploads, claims, fiscal requisites, day checks, review, lists. */
export function receiptRoutes(deps: CheckoutDeps): MountedRoute[] {
  const shopCodeOf = (receipt: { readonly shopId: string }) => shopOfReceipt(deps, receipt).code;
  return [
    handler(receiptBatchRoute, async ({ body, caller, now, language, requestId }) => {
      const items = body.receipts.map((receipt) => uploadItemOf(receipt, { caller, now }));
      const uploaded = await uploadReceipts(deps, items);
      if (!uploaded.ok) return uploaded;
      const asked = { language, requestId, statuses: { sale: confirmRoute.refusals, return: returnRoute.refusals } };
      return done({
        answers: uploaded.value.map((answer, index) => presentUpload(answer, { ...asked, index, items })),
      });
    }),
    handler(claimRoute, async ({ body, caller, now, language }) => {
      const by = claimedByOf(body);
      if (by === null) return refused({ code: 'reference_required', field: '' });
      const claimed = await claimReceipt(deps, { member: memberKeyOf(body.member), by, caller, now });
      return claimed.ok ? done(presentSale(claimed.value, shopCodeOf(claimed.value.receipt), language)) : claimed;
    }),
    handler(fiscalRoute, async ({ body, caller }) => {
      const added = await addFiscal(deps, {
        shopCode: body.shop,
        id: body.id,
        fiscal: body.fiscal.map(fiscalOf),
        caller,
      });
      return added.ok ? done({ receipt_id: added.value.receiptId, fiscal: added.value.fiscal }) : added;
    }),
    handler(dayCheckRoute, async ({ body, caller }) => {
      const date = Temporal.PlainDate.from(body.date);
      const { sales, returns } = body;
      const checked = await checkDay(deps, { shopCode: body.shop, date, sales, returns, caller });
      if (!checked.ok) return checked;
      return done({
        matches: checked.value.matches,
        sales: presentTotalsCheck(checked.value.sales),
        returns: presentTotalsCheck(checked.value.returns),
      });
    }),
    handler(reviewRoute, async ({ body, caller, now, language }) => {
      const { id, shop: shopCode, decision, integration = caller.integration } = body;
      const reviewed = await reviewReceipt(deps, { id, shopCode, decision, integration, caller, now });
      return reviewed.ok ? done(presentSale(reviewed.value, shopCode, language)) : reviewed;
    }),
    handler(waitingReceiptsRoute, async ({ query }) => {
      const listed = await listWaitingReceipts(deps, { after: placeOf(query.cursor), limit: query.limit });
      return done({
        items: listed.receipts.map((receipt) => ({
          ...presentSummary(receipt, shopCodeOf(receipt)),
          integration: receipt.integration,
          received_at: receipt.receivedAt.toString(),
        })),
        next_cursor: cursorOf(listed.next),
      });
    }),
    handler(memberReceiptsRoute, async ({ params, query }) => {
      const page = { after: placeOf(query.cursor), limit: query.limit };
      const listed = await listReceiptsOf(deps, params.memberId, page);
      if (!listed.ok) return listed;
      const items = listed.value.receipts.map((receipt) => presentSummary(receipt, shopCodeOf(receipt)));
      return done({ items, next_cursor: cursorOf(listed.value.next) });
    }),
  ];
}

const placeInList = z.tuple([z.iso.datetime({ offset: true }), z.uuid()]);

function placeOf(cursor: string | undefined): ReceiptPlace | null {
  const place = readCursor(cursor, placeInList);
  return place && { at: Temporal.Instant.from(place[0]), receiptId: place[1] };
}

function cursorOf(place: ReceiptPlace | null): string | null {
  return place && writeCursor([place.at.toString(), place.receiptId]);
}
