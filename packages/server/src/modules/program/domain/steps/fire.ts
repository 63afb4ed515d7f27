import type { Explanation } from '../quote-result.ts';
import type { Fired, OpenPromotion, WorkLine, Worksheet } from '../worksheet.ts';
import { giftLines } from './gifts.ts';
import { groupRefusal, markFired, sumGroup } from './groups.ts';
import { say } from './step.ts';
import { isPriceEffect, type PriceEffect, takeOff } from './take-off.ts';
import { cartUnmet, chosenLines } from './targets.ts';

/** A promotion's turn: it fires when it takes something off, changes what points may pay, or has points or a code to give later. */
export function fire(sheet: Worksheet, open: OpenPromotion, step: Explanation['step']): void {
  const { promotion } = open;
  const unmet = groupRefusal(sheet, open) ?? receiptUnmet(sheet, open);
  const lines = unmet === null ? chosenLines(sheet, promotion) : [];
  if (unmet !== null || lines.length === 0) {
    say(sheet, { step, rule: promotion.code, applied: false, ...(unmet ?? { code: 'no_lines', args: {} }) });
    return;
  }
  const fired: Fired = {
    promotion,
    lines,
    promoCodeId: sheet.scene.codes.get(promotion.code) ?? null,
    windowId: open.windowId,
    discount: 0n,
    points: 0n,
    acted: false,
  };
  sheet.fired.push(fired);
  takePrices(sheet, fired, step);
  redeemEffects(sheet, fired, step);
  const later = promotion.effects.some(
    ({ prepared }) => prepared.phase === 'earning' || prepared.phase === 'next_code',
  );
  if (fired.acted || later) {
    markFired(sheet, promotion);
    return;
  }
  sheet.fired.pop();
  const code = sheet.cart.printedDiscount === undefined ? 'nothing_to_take_off' : 'printed_stands';
  say(sheet, { step, code, rule: promotion.code, applied: false, args: {} });
}

function receiptUnmet(sheet: Worksheet, { promotion }: OpenPromotion): Pick<Explanation, 'code' | 'args'> | null {
  const condition = cartUnmet(sheet, promotion);
  return condition === null ? null : { code: `unmet_${condition.kind}`, args: condition.prepared.args };
}

function takePrices(sheet: Worksheet, fired: Fired, step: Explanation['step']): void {
  // R21: what the till printed stands in place of every price effect.
  if (sheet.cart.printedDiscount !== undefined) return;
  for (const effect of fired.promotion.effects) {
    if (!isPriceEffect(effect)) continue;
    const { prepared } = effect;
    const lines = prepared.gift ? giftLines(sheet, fired.promotion, prepared.gift) : fired.lines;
    if (lines.length === 0) {
      say(sheet, { step, code: 'no_gift', rule: fired.promotion.code, applied: false, args: prepared.args });
      continue;
    }
    fired.discount += takeFrom(sheet, fired, { effect: prepared, lines });
  }
  if (fired.discount === 0n) return;
  fired.acted = true;
  say(sheet, {
    step,
    code: 'discount',
    rule: fired.promotion.code,
    applied: true,
    args: { amount: Number(fired.discount) },
  });
}

function takeFrom(
  sheet: Worksheet,
  { promotion }: Fired,
  act: { effect: PriceEffect; lines: readonly WorkLine[] },
): bigint {
  const [line] = act.lines;
  const group = act.effect.rate === undefined ? null : sumGroup(sheet, promotion);
  if (line === undefined || line.giftFor === null) return takeOff(sheet, { promotion, ...act, group });
  // An added gift joins the receipt with its price, which the discount takes off again.
  const roomBefore = sheet.receiptRoom;
  sheet.lines.push(line);
  const taken = takeOff(sheet, { promotion, ...act, group });
  if (taken === line.shelf - line.floor) return taken;
  // A ceiling leaves a part of its price: that would be selling something nobody asked for.
  sheet.lines.pop();
  sheet.receiptRoom = roomBefore;
  say(sheet, { step: 'limit', code: 'no_gift', rule: promotion.code, applied: false, args: act.effect.args });
  return 0n;
}

function redeemEffects(sheet: Worksheet, fired: Fired, step: Explanation['step']): void {
  for (const { kind, prepared } of fired.promotion.effects) {
    if (prepared.phase !== 'redeeming') continue;
    const acted = prepared.act(fired.lines);
    if (acted) fired.acted = true;
    say(sheet, {
      step,
      code: acted ? kind : 'redeem_limit_taken',
      rule: fired.promotion.code,
      applied: acted,
      args: prepared.args,
    });
  }
}
