import { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';

/** The program's own profile fields: typed, labelled, and marked when they tell about a person. */
export const fieldTypes = ['text', 'integer', 'date', 'boolean', 'choice', 'list'] as const;
export type FieldType = (typeof fieldTypes)[number];

export interface FieldChoice {
  readonly code: string;
  readonly label: { readonly ru: string; readonly en: string };
}

export interface FieldDefinition {
  readonly code: string;
  readonly type: FieldType;
  readonly label: { readonly ru: string; readonly en: string };
  /** For choice and list. */
  readonly choices: readonly FieldChoice[];
  /** Personal data: removed by an erasure (R34). */
  readonly personal: boolean;
}

export type FieldValue = string | number | boolean | readonly string[];
export type FieldValues = Readonly<Record<string, FieldValue>>;
export type FieldChanges = Readonly<Record<string, unknown>>;

export interface FieldRefusal {
  readonly code: 'field_unknown' | 'field_invalid';
  readonly field: string;
  readonly details: { readonly expected: string };
}

const textMax = 2_000;
const listMax = 100;

/** The values after a change: null takes one away, what is not named stays. */
export function changeFields(
  definitions: readonly FieldDefinition[],
  before: FieldValues,
  changes: FieldChanges,
): Outcome<FieldValues, FieldRefusal> {
  const after = new Map(Object.entries(before));
  for (const [code, value] of Object.entries(changes)) {
    const field = `/fields/${code}`;
    if (value === null) {
      after.delete(code);
      continue;
    }
    const definition = definitions.find((known) => known.code === code);
    if (!definition) {
      const expected = definitions.map((known) => known.code).join(', ');
      return refused({ code: 'field_unknown', field, details: { expected } });
    }
    const read = readValue(definition, value);
    if (read === null) return refused({ code: 'field_invalid', field, details: { expected: expectation(definition) } });
    after.set(code, read);
  }
  return done(Object.fromEntries(after));
}

function readValue(definition: FieldDefinition, value: unknown): FieldValue | null {
  switch (definition.type) {
    case 'text':
      return typeof value === 'string' && value !== '' && value.length <= textMax ? value : null;
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' && isDate(value) ? value : null;
    case 'choice':
      return typeof value === 'string' && isChoice(definition, value) ? value : null;
    case 'list':
      return isListOf(definition, value) ? [...new Set(value)] : null;
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

function isChoice(definition: FieldDefinition, value: string): boolean {
  return definition.choices.some((choice) => choice.code === value);
}

function isListOf(definition: FieldDefinition, value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= listMax &&
    value.every((item) => typeof item === 'string' && isChoice(definition, item))
  );
}

function expectation(definition: FieldDefinition): string {
  const codes = definition.choices.map((choice) => choice.code).join(', ');
  if (definition.type === 'choice') return `one of ${codes}`;
  return definition.type === 'list' ? `a list of ${codes}` : definition.type;
}

/** What an erasure leaves: values that tell nothing about the person. A value whose definition is gone counts as personal. */
export function impersonalFields(definitions: readonly FieldDefinition[], values: FieldValues): FieldValues {
  const kept = new Set(definitions.filter((definition) => !definition.personal).map((definition) => definition.code));
  return Object.fromEntries(Object.entries(values).filter(([code]) => kept.has(code)));
}
