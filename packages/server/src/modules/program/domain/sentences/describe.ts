import { conditionKindByCode } from '../conditions/index.ts';
import type { Promotion } from '../document.ts';
import { effectKindByCode } from '../effects/index.ts';
import type { InBothLanguages, Preparation, RuleArgs } from '../rule-kind.ts';
import { fill, type Language, type Template } from './format.ts';

/** What a promotion does and when, in one sentence: "скидка 10 %: сумма чека от 1 000 ₽, магазины: center". */
export function describePromotion(promotion: Promotion, language: Language): string {
  const effects = promotion.effects.map((effect) => sentence(effect, effectKindByCode.get(effect.kind), language));
  const conditions = promotion.conditions.map((condition) =>
    sentence(condition, conditionKindByCode.get(condition.kind), language),
  );
  const implied = [
    ...(promotion.needs_code ? [words.code[language]] : []),
    ...(promotion.needs_window ? [words.window[language]] : []),
    ...(promotion.from === null ? [] : [fill(words.from, { from: promotion.from }, language)]),
    ...(promotion.until === null ? [] : [fill(words.until, { until: promotion.until }, language)]),
  ];
  const when = [...implied, ...conditions];
  return when.length === 0 ? effects.join(', ') : `${effects.join(', ')}: ${when.join(', ')}`;
}

const words = {
  code: { ru: 'по промокоду', en: 'with a promo code' },
  window: { ru: 'в личный период участника', en: "in the member's personal window" },
  from: { ru: 'с {from}', en: 'from {from}' },
  until: { ru: 'по {until}', en: 'until {until}' },
} as const satisfies Record<string, Template>;

// Sentences need the arguments alone; what a program would add to them is of no matter here.
const preparation: Preparation = { pointValue: 100n, promotionsBase: 'left' };

interface Speaking {
  readonly sentence: InBothLanguages;
  readonly prepare: (
    args: RuleArgs,
    preparation: Preparation,
  ) => { readonly args: Readonly<Record<string, string | number>> };
}

function sentence(args: RuleArgs, kind: Speaking | undefined, language: Language): string {
  return kind === undefined ? args.kind : fill(kind.sentence, kind.prepare(args, preparation).args, language);
}
