import { sumMoney } from '#kernel/money.ts';
import type { CartLine, Quote } from '#modules/program/index.ts';
import type { ReceiptLine } from './receipt.ts';

/** A quote's lines as the receipt keeps them. Lines that a promotion added (gifts) come after those of the cart. */
export function receiptLines(quote: Quote, cart: readonly CartLine[]): ReceiptLine[] {
  const sold = new Map(cart.map((line) => [line.lineId, line]));
  return quote.lines.map((line, index) => {
    const source = sold.get(line.lineId);
    return {
      lineNo: index + 1,
      lineId: line.lineId,
      sku: source ? source.sku : line.giftSku,
      productId: source?.product?.productId ?? null,
      kind: source?.kind ?? 'goods',
      quantity: source?.quantity ?? 1_000n,
      shelfSum: line.shelfSum,
      tillDiscount: line.tillDiscount,
      discount: sumMoney(line.discounts.map((discount) => discount.amount)),
      discounts: line.discounts,
      redeemedPoints: line.redeemedPoints,
      redeemedMoney: line.redeemedMoney,
      rounding: line.rounding,
      paid: line.paid,
      earnedPoints: line.earnedPoints,
      gift: line.gift,
      returnedUnits: 0n,
    };
  });
}

/** The kept lines as a cart again: to quote a held sale anew, or past receipts under a draft. `find` looks products up by their article. */
export function cartLines(lines: readonly ReceiptLine[], find: (sku: string) => CartLine['product']): CartLine[] {
  return lines
    .filter((line) => !line.gift)
    .map((line) => ({
      lineId: line.lineId,
      product: line.sku === null ? null : find(line.sku),
      sku: line.sku,
      quantity: line.quantity,
      shelfSum: line.shelfSum,
      tillDiscount: line.tillDiscount,
      kind: line.kind,
    }));
}
