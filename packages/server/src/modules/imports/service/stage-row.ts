import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type ReadingRules, readIdentity } from '#modules/members/index.ts';
import type { ColumnMissing, Columns, FileRow } from '../domain/cells.ts';
import { extrasReader, type ReadExtras } from '../domain/consent-reader.ts';
import { identityFields, namesMembers } from '../domain/kinds.ts';
import type { ImportMapping } from '../domain/mapping.ts';
import { receiptRow } from '../domain/receipt-row.ts';
import { type ReadRow, type RowProblem, type RowReading, type RowValues, rowReader } from '../domain/row-reader.ts';
import type { StagedLine } from '../store/staging-store.ts';

export type StagedReading =
  | { readonly kind: 'line'; readonly line: StagedLine }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** `marks` keep the receipt of a bad row from being taken without it. */
  | { readonly kind: 'problem'; readonly problem: RowProblem; readonly marks: readonly StagedLine[] };

export interface RowContext {
  readonly mapping: ImportMapping;
  readonly rules: ReadingRules;
  readonly zone: string;
  readonly onRounded: () => void;
}

/** Reads rows of one file and makes them ready to be staged. */
export function rowStager(
  columns: Columns,
  context: RowContext,
): Outcome<(row: FileRow) => StagedReading, ColumnMissing> {
  const { mapping } = context;
  const read = rowReader(mapping, columns, context);
  if (!read.ok) return read;
  const extras = extrasReader(mapping, columns, context.zone);
  if (!extras.ok) return extras;
  const stager: Stager = { ...context, read: read.value, extras: extras.value, keyOf: identityKeys(context) };
  return done(mapping.kind === 'receipts' ? (row) => stageReceipt(row, stager) : (row) => stageOther(row, stager));
}

interface Stager extends RowContext {
  readonly read: ReadRow;
  readonly extras: ReadExtras;
  readonly keyOf: (values: RowValues) => Outcome<string, RowProblem>;
}

/** The first identity that a row gives, as `kind value` in its one spelling; '' when it names nobody. */
function identityKeys({ mapping, rules }: RowContext): (values: RowValues) => Outcome<string, RowProblem> {
  const named = identityFields.filter((field) => mapping.fields[field] !== undefined);
  let last = { asked: '', answer: done('') as Outcome<string, RowProblem> };
  return (values) => {
    for (const field of named) {
      const value = values[field];
      if (typeof value !== 'string') continue;
      const asked = `${field} ${value}`;
      // Rows of one receipt follow one another.
      if (last.asked !== asked) last = { asked, answer: identityKey(field, value, { mapping, rules }) };
      return last.answer;
    }
    return done('');
  };
}

function identityKey(
  field: string,
  value: string,
  context: Pick<RowContext, 'mapping' | 'rules'>,
): Outcome<string, RowProblem> {
  const kind = identityKind(field, context.mapping);
  const reading = readIdentity(kind, value, context.rules);
  return reading.ok
    ? done(`${kind} ${reading.identity.value}`)
    : refused({ code: reading.problem, field, detail: 'does not find a member' });
}

export function identityKind(field: string, mapping: ImportMapping): string {
  return field === 'external_id' ? `external:${mapping.external_system ?? ''}` : field;
}

const unitSeparator = '\u001f';

function groupKey(prefix: 's' | 'r', shop: string, receiptId: string): string {
  return [prefix + shop, receiptId].join(unitSeparator);
}

export function partsOfGroup(key: string): { isReturn: boolean; receiptId: string } {
  return { isReturn: key.startsWith('r'), receiptId: key.slice(key.indexOf(unitSeparator) + 1) };
}

function stageReceipt(row: FileRow, stager: Stager): StagedReading {
  const reading = stager.read(row);
  if (reading.kind === 'skipped') return reading;
  if (reading.kind === 'problem') return withMarks(row, reading.problem, reading.values);
  const receipt = receiptRow(reading, stager);
  if (!receipt.ok) return withMarks(row, receipt.refusal, reading.values);
  const member = stager.keyOf(reading.values);
  if (!member.ok) return withMarks(row, member.refusal, reading.values);
  const { isReturn, receiptId, at, line } = receipt.value;
  const [shop, , , , sum] = line;
  return {
    kind: 'line',
    line: {
      rowNo: row.rowNo,
      groupKey: groupKey(isReturn ? 'r' : 's', shop, receiptId),
      memberKey: member.value,
      at,
      digest: digestOf(row, stager.mapping),
      sum: BigInt(sum),
      record: JSON.stringify(line),
    },
  };
}

function withMarks(row: FileRow, problem: RowProblem, values: RowValues): StagedReading {
  const receiptId = values['receipt_id'];
  if (typeof receiptId !== 'string') return { kind: 'problem', problem, marks: [] };
  const shop = typeof values['shop'] === 'string' ? values['shop'] : '';
  const mark = (prefix: 's' | 'r') => ({ ...emptyLine(row), groupKey: groupKey(prefix, shop, receiptId) });
  return { kind: 'problem', problem, marks: [mark('s'), mark('r')] };
}

function emptyLine(row: FileRow): StagedLine {
  return { rowNo: row.rowNo, groupKey: '', memberKey: '', at: null, digest: null, sum: null, record: '' };
}

function digestOf(row: FileRow, mapping: ImportMapping): string | null {
  if (mapping.duplicates === 'keep') return null;
  return createHash('md5').update(row.cells.join(unitSeparator)).digest('hex');
}

function stageOther(row: FileRow, stager: Stager): StagedReading {
  const reading = stager.read(row);
  if (reading.kind !== 'row') return reading.kind === 'skipped' ? reading : { ...reading, marks: [] };
  const refuse = (problem: RowProblem): StagedReading => ({ kind: 'problem', problem, marks: [] });
  const member = stager.keyOf(reading.values);
  if (!member.ok) return refuse(member.refusal);
  const { kind } = stager.mapping;
  if (member.value === '' && (kind === 'members' || (namesMembers(kind) && kind !== 'codes'))) {
    return refuse({ code: 'member_missing', field: 'member', detail: 'no identity is given' });
  }
  const extras = kind === 'members' ? stager.extras(row) : done(null);
  if (!extras.ok) return refuse(extras.refusal);
  const record = { ...plainValues(reading), ...(extras.value === null ? {} : { extras: extras.value }) };
  return {
    kind: 'line',
    line: {
      ...emptyLine(row),
      groupKey: String(row.rowNo),
      memberKey: member.value,
      digest: digestOf(row, stager.mapping),
      record: JSON.stringify(record),
    },
  };
}

/** Values as JSON: numbers and times as text, read again when they are applied. */
function plainValues(reading: Extract<RowReading, { kind: 'row' }>): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(reading.values).map(([name, value]) => [name, typeof value === 'boolean' ? value : textOf(value)]),
  );
}

function textOf(value: Exclude<RowValues[string], boolean>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || value instanceof Temporal.Instant || value instanceof Temporal.PlainDate)
    return value.toString();
  throw new Error('a price is a field of receipts only');
}
