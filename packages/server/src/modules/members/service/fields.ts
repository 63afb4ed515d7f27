import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { recordAudit } from '#modules/access/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { FieldDefinition } from '../domain/fields.ts';
import { lockFieldTypes, replaceFields } from '../store/fields.ts';
import type { MembersDeps } from './deps.ts';

export { listFields } from '../store/fields.ts';

export type DefineFieldsRefusal =
  | { readonly code: 'field_repeated'; readonly field: string }
  | { readonly code: 'field_type_fixed'; readonly field: string }
  | { readonly code: 'field_choices_missing'; readonly field: string };

/** The whole list at once. A field left out is archived: members keep its values, and it can come back with its type. */
export async function defineFields(
  deps: MembersDeps,
  command: { readonly definitions: readonly FieldDefinition[]; readonly by: Caller; readonly now: Temporal.Instant },
): Promise<Outcome<readonly FieldDefinition[], DefineFieldsRefusal>> {
  const { definitions, by, now } = command;
  return inTransaction(deps.db, async (tx) => {
    const types = await lockFieldTypes(tx);
    for (const [index, definition] of definitions.entries()) {
      const refusal = problemOf(definition, { earlier: definitions.slice(0, index), types });
      if (refusal !== null) return refused({ code: refusal, field: `/fields/${index}` });
    }
    await replaceFields(tx, definitions, now);
    await recordAudit(tx, {
      ...{ now, newId: deps.newId, caller: by, action: 'member_fields.define' },
      ...{ subject: { kind: 'setting', id: 'member_fields' }, before: Object.fromEntries(types), after: definitions },
    });
    return done(definitions);
  });
}

function problemOf(
  definition: FieldDefinition,
  known: { readonly earlier: readonly FieldDefinition[]; readonly types: ReadonlyMap<string, string> },
): DefineFieldsRefusal['code'] | null {
  if (known.earlier.some(({ code }) => code === definition.code)) return 'field_repeated';
  const before = known.types.get(definition.code);
  if (before !== undefined && before !== definition.type) return 'field_type_fixed';
  const needsChoices = definition.type === 'choice' || definition.type === 'list';
  return needsChoices && definition.choices.length === 0 ? 'field_choices_missing' : null;
}
