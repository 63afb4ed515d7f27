import {
  cancelRoute,
  confirmRoute,
  editHoldRoute,
  exchangeRoute,
  holdRoute,
  quoteRoute,
  receiptRoute,
  returnRoute,
} from '@kopilka/contract/checkout';
import { done } from '#kernel/outcome.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { cancelSale } from '../service/cancel-sale.ts';
import { confirmSale } from '../service/confirm-sale.ts';
import { contentOf } from '../service/content-of-request.ts';
import type { CheckoutDeps } from '../service/deps.ts';
import { exchangeGoods } from '../service/exchange.ts';
import { findReceipt } from '../service/find-receipt.ts';
import { editHeldSale, holdSale } from '../service/hold-sale.ts';
import { presentQuote } from '../service/quote-answer.ts';
import { quoteCart } from '../service/quote-cart.ts';
import { returnGoods } from '../service/return-goods.ts';
import { presentReturn, presentSale } from './present.ts';
import { confirmCommandOf, returnCommandOf } from './read-request.ts';

/** Quote, hold, confirm, cancel, return, exchange: the life of a sale over HTTP. */
export function saleRoutes(deps: CheckoutDeps): MountedRoute[] {
  return [
    handler(quoteRoute, async ({ body, caller, now, language }) => {
      const content = contentOf(body);
      const quoted = await quoteCart(deps, { content, caller, now, holdId: body.hold_id ?? null });
      if (!quoted.ok) return quoted;
      const quantities = new Map(content.lines?.map((line) => [line.lineId, line.quantity]));
      return done(presentQuote(quoted.value, quantities, language));
    }),
    handler(holdRoute, async ({ body, caller, now, language }) => {
      const held = await holdSale(deps, {
        id: body.id,
        content: contentOf(body),
        caller,
        now,
        order: body.order ?? false,
      });
      return held.ok ? done(presentSale(held.value, body.shop, language)) : held;
    }),
    handler(editHoldRoute, async ({ body, caller, now, language }) => {
      const held = await editHeldSale(deps, {
        id: body.id,
        content: contentOf(body),
        caller,
        now,
        order: body.order ?? false,
      });
      return held.ok ? done(presentSale(held.value, body.shop, language)) : held;
    }),
    handler(confirmRoute, async ({ body, caller, now, language }) => {
      const confirmed = await confirmSale(deps, confirmCommandOf(body, { caller, now }));
      return confirmed.ok ? done(presentSale(confirmed.value, body.shop, language)) : confirmed;
    }),
    handler(cancelRoute, async ({ body, caller, now, language }) => {
      const cancelled = await cancelSale(deps, { id: body.id, shopCode: body.shop, caller, now });
      return cancelled.ok ? done(presentSale(cancelled.value, body.shop, language)) : cancelled;
    }),
    handler(returnRoute, async ({ body, caller, now }) => {
      const returned = await returnGoods(deps, returnCommandOf(body, { caller, now }));
      return returned.ok ? done(presentReturn(returned.value)) : returned;
    }),
    handler(exchangeRoute, async ({ body, caller, now, language }) => {
      const exchanged = await exchangeGoods(deps, {
        returned: returnCommandOf(body.return, { caller, now }),
        sale: confirmCommandOf(body.sale, { caller, now }),
      });
      if (!exchanged.ok) return exchanged;
      const sale = presentSale(exchanged.value.sale, body.sale.shop, language);
      const back = presentReturn(exchanged.value.returned);
      return done({ return: back, sale, difference: sale.totals.paid - back.money_returned });
    }),
    handler(receiptRoute, async ({ params, caller, language }) => {
      const found = await findReceipt(deps, { shopCode: params.shop, id: params.id, caller });
      if (!found.ok) return found;
      const { record, returns } = found.value;
      return done({
        ...presentSale(record, params.shop, language),
        returns: returns.map((returned) => presentReturn({ returned, receipt: record.receipt })),
      });
    }),
  ];
}
