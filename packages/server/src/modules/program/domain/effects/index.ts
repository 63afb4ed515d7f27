import { z } from 'zod';
import type { EffectKind, RuleArgs } from '../rule-kind.ts';
import { cheapestFree } from './cheapest-free.ts';
import { earnAdd } from './earn-add.ts';
import { earnFixed } from './earn-fixed.ts';
import { earnMultiply } from './earn-multiply.ts';
import { earnReplace } from './earn-replace.ts';
import { fixedOff } from './fixed-off.ts';
import { forbidEarning } from './forbid-earning.ts';
import { forbidRedeeming } from './forbid-redeeming.ts';
import { giftLine } from './gift-line.ts';
import { newPrice } from './new-price.ts';
import { nextCode } from './next-code.ts';
import { percentOff } from './percent-off.ts';
import { redeemLimit } from './redeem-limit.ts';

/** Every kind of effect (R16). */
export const effectKinds: readonly EffectKind[] = [
  percentOff,
  fixedOff,
  newPrice,
  cheapestFree,
  giftLine,
  earnReplace,
  earnAdd,
  earnMultiply,
  earnFixed,
  redeemLimit,
  nextCode,
  forbidEarning,
  forbidRedeeming,
];

export const effectKindByCode: ReadonlyMap<string, EffectKind> = new Map(effectKinds.map((kind) => [kind.code, kind]));

export const effectSchema = z.discriminatedUnion(
  'kind',
  effectKinds.map((kind) => kind.schema) as [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<RuleArgs, RuleArgs>;
