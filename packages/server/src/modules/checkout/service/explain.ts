import type { explanationStep } from '@kopilka/contract/checkout';
import type { z } from 'zod';
import { type Explanation, explain, formatMoney, type Language } from '#modules/program/index.ts';

export type { Language };

/** Steps as they leave: in the reader's language. Inside, explanations are codes with arguments. */
export function explainSteps(steps: readonly Explanation[], language: Language): z.output<typeof explanationStep>[] {
  return steps.map((step) => ({
    step: step.step,
    code: step.code,
    rule: step.rule,
    line_id: step.lineId,
    applied: step.applied,
    text: explain(step, language),
  }));
}

/** Minor units as people read them. */
export function moneyText(minorUnits: bigint, language: Language): string {
  return formatMoney(Number(minorUnits), language);
}
