import { conditionKindByCode } from '../conditions/index.ts';
import type { Explanation } from '../quote-result.ts';
import { explanationSentences } from './explanations.ts';
import { fill, type Language, type Template } from './format.ts';

/** One step of a quote as a sentence, for a cashier and a marketer. */
export function explain(explanation: Explanation, language: Language): string {
  const template = sentenceOf(explanation.code);
  const said = template ? fill(template, explanation.args, language) : explanation.code;
  const { rule } = explanation;
  return rule === null || rule === 'base' || rule === 'printed' ? said : `${rule}: ${said}`;
}

/** null: nobody has written one; a test sees to it that there is none such. */
export function sentenceOf(code: string): Template | null {
  const known = explanationSentences[code];
  if (known) return known;
  return code.startsWith('unmet_') ? (conditionKindByCode.get(code.slice('unmet_'.length))?.unmet ?? null) : null;
}
