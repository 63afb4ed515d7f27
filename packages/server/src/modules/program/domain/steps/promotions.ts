import { fire } from './fire.ts';
import { printedDiscount } from './printed.ts';
import type { Step } from './step.ts';

/** Step 3: promotions by priority. Those that only give points wait for the money that is paid. */
export const promotions: Step = (sheet) => {
  printedDiscount(sheet);
  for (const open of sheet.open) {
    if (open.promotion.phase === 'price' && !open.promotion.promotion.needs_code) fire(sheet, open, 'promotion');
  }
};

/** Step 4: what a promo code switches on (R26). */
export const promoCode: Step = (sheet) => {
  for (const open of sheet.open) {
    if (open.promotion.promotion.needs_code) fire(sheet, open, 'promo_code');
  }
};
