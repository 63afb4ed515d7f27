import type { Instant } from '#kernel/time.ts';
import { all, type Db, statement, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { FieldChoice, FieldDefinition, FieldType } from '../domain/fields.ts';

interface FieldRow {
  readonly code: string;
  readonly type: FieldType;
  readonly label_ru: string;
  readonly label_en: string;
  readonly choices: readonly FieldChoice[];
  readonly personal: boolean;
}

const selectFields = statement<FieldRow>(
  'members.list_fields',
  'select code, type, label_ru, label_en, choices, personal from members.field where archived_at is null order by position, code',
);

export async function listFields(db: Db): Promise<FieldDefinition[]> {
  return (await db.run(selectFields, [])).map((row) => ({
    code: row.code,
    type: row.type,
    label: { ru: row.label_ru, en: row.label_en },
    choices: row.choices,
    personal: row.personal,
  }));
}

const typeOfField = statement<{ code: string; type: FieldType }>(
  'members.lock_fields',
  'select code, type from members.field order by code for update',
);

/** Types of all definitions, archived ones too: a code never changes its type, because values of the old one are stored. */
export async function lockFieldTypes(tx: Tx): Promise<ReadonlyMap<string, FieldType>> {
  return new Map((await tx.run(typeOfField, [])).map((row) => [row.code, row.type]));
}

const archive = statement<never>(
  'members.archive_fields',
  'update members.field set archived_at = $1 where archived_at is null',
);
const upsert = statement<never>(
  'members.upsert_field',
  `insert into members.field (code, type, label_ru, label_en, choices, personal, position) values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (code) do update set label_ru = excluded.label_ru, label_en = excluded.label_en, choices = excluded.choices,
     personal = excluded.personal, position = excluded.position, archived_at = null`,
);

export async function replaceFields(tx: Tx, definitions: readonly FieldDefinition[], at: Instant): Promise<void> {
  const archived = tx.run(archive, [at]);
  const written = definitions.map((field, position) => {
    const values = [
      field.code,
      field.type,
      field.label.ru,
      field.label.en,
      toJson(field.choices),
      field.personal,
      position,
    ];
    return tx.run(upsert, values);
  });
  await all([archived, ...written]);
}
