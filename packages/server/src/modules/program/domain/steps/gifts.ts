import { money } from '#kernel/money.ts';
import type { CompiledPromotion } from '../compiled.ts';
import { lawOf, workLine } from '../work-lines.ts';
import type { WorkLine, Worksheet } from '../worksheet.ts';
import type { PriceEffect } from './take-off.ts';

/** The lines a gift may be: one in the cart, or one that is added. Empty: there is none, or the law knows no gifts of it (R13). */
export function giftLines(
  sheet: Worksheet,
  promotion: CompiledPromotion,
  gift: NonNullable<PriceEffect['gift']>,
): WorkLine[] {
  const inCart = sheet.lines.filter((line) => line.sku === gift.sku && line.giftFor === null && line.quantity >= 1000n);
  const [first] = inCart;
  if (first) {
    const law = lawOf(sheet.program, first.product, first.kind);
    return law?.gifts === false || !first.canDiscount ? [] : inCart;
  }
  const added = gift.add && !sheet.scene.catalog ? addedLine(sheet, promotion, gift.sku) : null;
  return added ? [added] : [];
}

function addedLine(sheet: Worksheet, promotion: CompiledPromotion, sku: string): WorkLine | null {
  const product = sheet.scene.productOf?.(sku) ?? null;
  if (product === null || product.price === null || product.noPromotions) return null;
  if (lawOf(sheet.program, product, 'goods')?.gifts === false) return null;
  const asBought = workLine(
    sheet.program,
    {
      lineId: `gift:${promotion.code}`,
      product,
      sku,
      quantity: 1000n,
      shelfSum: product.price,
      tillDiscount: money(0),
      kind: product.kind,
    },
    { index: sheet.lines.length, date: sheet.scene.local.date },
  );
  // What is given away neither earns nor is paid with points.
  return { ...asBought, canEarn: false, canRedeem: false, giftFor: { promotionCode: promotion.code, sku } };
}
