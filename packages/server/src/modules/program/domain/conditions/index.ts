import { z } from 'zod';
import type { ConditionKind, RuleArgs } from '../rule-kind.ts';
import { birthdayWindow } from './birthday-window.ts';
import { channels } from './channels.ts';
import { dates } from './dates.ts';
import { hours } from './hours.ts';
import { lineMatch } from './line-match.ts';
import { memberRequired } from './member-required.ts';
import { nthPurchase } from './nth-purchase.ts';
import { productsInCart } from './products-in-cart.ts';
import { receiptSum } from './receipt-sum.ts';
import { redeemingPoints } from './redeeming-points.ts';
import { segment } from './segment.ts';
import { shops } from './shops.ts';
import { tier } from './tier.ts';
import { weekDays } from './week-days.ts';

/** Every kind of condition (R16). A promo code and a personal window are implied by the promotion's needs_code and needs_window. */
export const conditionKinds: readonly ConditionKind[] = [
  memberRequired,
  segment,
  tier,
  birthdayWindow,
  nthPurchase,
  dates,
  weekDays,
  hours,
  shops,
  channels,
  productsInCart,
  receiptSum,
  redeemingPoints,
  lineMatch,
];

export const conditionKindByCode: ReadonlyMap<string, ConditionKind> = new Map(
  conditionKinds.map((kind) => [kind.code, kind]),
);

export const conditionSchema = z.discriminatedUnion(
  'kind',
  conditionKinds.map((kind) => kind.schema) as [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<RuleArgs, RuleArgs>;
