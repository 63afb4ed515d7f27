import type { AnyMemberField, PreparedField } from '#platform/member-fields.ts';
import type { QuestionReader } from '../domain/rule.ts';
import { balanceFields } from './fields/balance.ts';
import type { MemberFacts } from './fields/facts.ts';
import { personFields } from './fields/person.ts';
import { purchaseFields } from './fields/purchases.ts';
import { wordFields } from './fields/words.ts';

/** Every field that a rule may name. Modules above add theirs by wiring when there are any. */
export const memberFields: readonly AnyMemberField<MemberFacts>[] = [
  ...purchaseFields,
  ...balanceFields,
  ...personFields,
  ...wordFields,
];

const byCode = new Map(memberFields.map((field) => [field.code, field]));

export interface Question extends PreparedField<MemberFacts> {
  readonly code: string;
}

/** `quote`: only fields that a purchase has loaded (architecture.md). */
export function questionReader(use: 'quote' | 'audience'): QuestionReader<Question> {
  return {
    read: (code, args) => {
      const field = byCode.get(code);
      if (!field)
        return {
          problems: [{ path: ['field'], message: `unknown field, known are ${[...byCode.keys()].join(', ')}` }],
        };
      if (use === 'quote' && !field.inQuote) {
        return {
          problems: [
            { path: ['field'], message: `${code} cannot be asked in a promotion: a purchase does not load it` },
          ],
        };
      }
      const prepared = field.prepare(args);
      return 'problems' in prepared ? prepared : { code, ...prepared };
    },
  };
}
