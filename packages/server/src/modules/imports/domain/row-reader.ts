import { done, type Outcome } from '#kernel/outcome.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';
import {
  type ColumnMissing,
  type Columns,
  compileCondition,
  compileSource,
  type FileRow,
  type ReadCell,
  type TestRow,
} from './cells.ts';
import { type Decimal, readDecimal, toScale } from './decimal.ts';
import { type FieldSpec, specsOf } from './kinds.ts';
import { formatOf, type ImportMapping } from './mapping.ts';
import { endOf, instantOf, type TimeReader, timeReader } from './time-format.ts';

export type FieldValue = string | bigint | boolean | Instant | PlainDate | Decimal;
export type RowValues = Readonly<Record<string, FieldValue>>;

export interface RowProblem {
  readonly code: string;
  readonly field: string;
  readonly detail: string;
}

export type RowReading =
  | { readonly kind: 'row'; readonly values: RowValues; readonly isReturn: boolean | null }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'problem'; readonly problem: RowProblem; readonly values: RowValues };

export type ReadRow = (row: FileRow) => RowReading;

export interface ReaderContext {
  readonly zone: string;
  /** A sum had more decimals than money has (rounding: half_up). */
  readonly onRounded: () => void;
}

interface CompiledField {
  readonly name: string;
  readonly spec: FieldSpec;
  readonly cell: ReadCell;
  readonly time: TimeReader | null;
}

/** Compiles a mapping for one file's columns. */
export function rowReader(
  mapping: ImportMapping,
  columns: Columns,
  context: ReaderContext,
): Outcome<ReadRow, ColumnMissing> {
  const fields = compileFields(mapping, columns, context.zone);
  if (!fields.ok) return fields;
  const skips: { readonly test: TestRow; readonly reason: string }[] = [];
  for (const skip of mapping.skip) {
    const test = compileCondition(skip, columns, mapping.decimal_mark);
    if (!test.ok) return test;
    skips.push({ test: test.value, reason: skip.reason ?? `${String(skip.column)} is left out` });
  }
  const returns =
    mapping.returns === undefined ? null : compileCondition(mapping.returns, columns, mapping.decimal_mark);
  if (returns !== null && !returns.ok) return returns;
  return done((row) => {
    const skip = skips.find(({ test }) => test(row));
    if (skip) return { kind: 'skipped', reason: skip.reason };
    const values: Record<string, FieldValue> = {};
    let problem: RowProblem | null = null;
    for (const field of fields.value) {
      const read = readField(field, row, { mapping, ...context });
      if (read === null) continue;
      if (!read.ok) problem ??= read.refusal;
      else values[field.name] = read.value;
    }
    if (problem !== null) return { kind: 'problem', problem, values };
    return { kind: 'row', values, isReturn: returns === null ? null : returns.value(row) };
  });
}

function compileFields(
  mapping: ImportMapping,
  columns: Columns,
  zone: string,
): Outcome<CompiledField[], ColumnMissing> {
  const specs = specsOf(mapping.kind);
  const compiled: CompiledField[] = [];
  for (const [name, one] of Object.entries(mapping.fields)) {
    const spec = specs[name];
    if (!spec) continue;
    const cell = compileSource(one, columns);
    if (!cell.ok) return cell;
    const isTime = spec.type === 'instant' || spec.type === 'date' || spec.type === 'end';
    compiled.push({ name, spec, cell: cell.value, time: isTime ? timeReader(formatOf(one), zone) : null });
  }
  return done(compiled);
}

interface FieldContext extends ReaderContext {
  readonly mapping: ImportMapping;
}

type FieldReading = Outcome<FieldValue, RowProblem> | null;

const shownMax = 80;
const textMax = 500;
// What PostgreSQL or JSON readers cannot hold exactly is no sum of a shop.
const unitsMax = 9_007_199_254_740_991n;

/** null: nothing is given. */
function readField(field: CompiledField, row: FileRow, context: FieldContext): FieldReading {
  const text = field.cell(row);
  if (text === '') {
    return field.spec.required === true ? bad(field, 'value_missing', 'nothing is given') : null;
  }
  switch (field.spec.type) {
    case 'text':
      return readText(field, text);
    case 'money':
      return readUnits(field, text, { ...context, scale: context.mapping.money_digits });
    case 'quantity':
    case 'price':
      return readAny(field, text, context);
    case 'points':
    case 'integer':
      return readUnits(field, text, { ...context, scale: 0, mapping: { ...context.mapping, rounding: 'refuse' } });
    case 'boolean':
      return readBoolean(field, text, context.mapping);
    default:
      return readTime(field, text, context.zone);
  }
}

function bad(field: CompiledField, code: string, detail: string): FieldReading {
  return { ok: false, refusal: { code, field: field.name, detail } };
}

function readText(field: CompiledField, text: string): FieldReading {
  if (text.length > textMax) return bad(field, 'text_too_long', `more than ${textMax} characters`);
  const { choices } = field.spec;
  if (choices !== undefined && !choices.includes(text)) {
    return bad(field, 'value_unknown', `${shown(text)} is none of ${choices.join(', ')}`);
  }
  return done(text);
}

function readUnits(
  field: CompiledField,
  text: string,
  context: FieldContext & { readonly scale: number },
): FieldReading {
  const value = readDecimal(text, context.mapping.decimal_mark);
  if (value === null) return bad(field, 'not_a_number', `${shown(text)} is not a number`);
  const { units, rest } = toScale(value, context.scale);
  if (rest !== 0n) {
    if (context.mapping.rounding === 'refuse')
      return bad(field, 'too_many_decimals', `${shown(text)} has more than ${context.scale} decimals`);
    context.onRounded();
  }
  if (units > unitsMax || units < -unitsMax) return bad(field, 'number_too_large', `${shown(text)} is too large`);
  return done(units);
}

function readAny(field: CompiledField, text: string, context: FieldContext): FieldReading {
  const value = readDecimal(text, context.mapping.decimal_mark);
  return value === null ? bad(field, 'not_a_number', `${shown(text)} is not a number`) : done(value);
}

function readBoolean(field: CompiledField, text: string, mapping: ImportMapping): FieldReading {
  const word = text.toLowerCase();
  if (mapping.words.yes.includes(word)) return done(true);
  if (mapping.words.no.includes(word)) return done(false);
  return bad(field, 'value_unknown', `${shown(text)} is neither yes nor no`);
}

function readTime(field: CompiledField, text: string, zone: string): FieldReading {
  const read = field.time?.(text) ?? null;
  if (read === null) return bad(field, 'time_unreadable', `${shown(text)} is not a time in the mapping's format`);
  if (field.spec.type === 'date') return done(read.date);
  return done(field.spec.type === 'end' ? endOf(read, zone) : instantOf(read, zone));
}

function shown(text: string): string {
  return `“${text.length > shownMax ? `${text.slice(0, shownMax)}…` : text}”`;
}
