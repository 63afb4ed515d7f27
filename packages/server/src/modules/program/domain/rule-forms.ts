import { z } from 'zod';
import { conditionKinds } from './conditions/index.ts';
import { programDocument } from './document.ts';
import { effectKinds } from './effects/index.ts';
import type { ConditionKind, EffectKind, InBothLanguages } from './rule-kind.ts';

/** A kind as screens draw it: its arguments are a JSON Schema whose fields carry `form` (label, widget, unit). */
export interface RuleForm {
  readonly code: string;
  readonly label: InBothLanguages;
  readonly sentence: InBothLanguages;
  readonly args: Readonly<Record<string, unknown>>;
}

export function ruleForms(): { readonly conditions: readonly RuleForm[]; readonly effects: readonly RuleForm[] } {
  return { conditions: conditionKinds.map(formOf), effects: effectKinds.map(formOf) };
}

function formOf({ code, label, sentence, schema }: ConditionKind | EffectKind): RuleForm {
  return { code, label, sentence, args: z.toJSONSchema(schema, { io: 'input' }) };
}

/** The published JSON Schema of a program as it is written: what has a default may be left out. */
export function programJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(programDocument, { io: 'input' }),
    title: 'Kopilka program',
    $id: 'https://kopilka.dev/schemas/program-1.json',
  };
}
