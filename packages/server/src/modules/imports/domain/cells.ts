import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { compareDecimals, type DecimalMark, readDecimal } from './decimal.ts';
import type { Condition, FileFormat, Source, Transform } from './mapping.ts';

/** One row of a file: its number, counting from 1 with the header, and its cells, trimmed. */
export interface FileRow {
  readonly rowNo: number;
  readonly cells: readonly string[];
}

export interface ColumnMissing {
  readonly code: 'column_missing';
  readonly details: { readonly column: string; readonly columns: readonly string[] };
}

/** Finds columns by name or by number from 1. Names are compared without case and spare spaces. */
export interface Columns {
  readonly names: readonly string[];
  indexOf(column: string | number): number | null;
}

export function columnsOf(format: FileFormat, header: readonly string[] | null): Columns {
  const names = format.type === 'whitespace' ? format.columns : (header ?? []);
  const byName = new Map(names.map((name, index) => [plain(name), index]));
  return {
    names,
    indexOf: (column) => (typeof column === 'number' ? column - 1 : (byName.get(plain(column)) ?? null)),
  };
}

function plain(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

export type ReadCell = (row: FileRow) => string;

/** Compiles a source once per file: rows come by the million. */
export function compileSource(one: Source, columns: Columns): Outcome<ReadCell, ColumnMissing> {
  if (typeof one === 'string') return cellOf(one, columns);
  if ('constant' in one) {
    const { constant } = one;
    return done(() => constant);
  }
  if ('row_number' in one) return done((row) => String(row.rowNo));
  const read =
    one.columns === undefined ? cellOf(one.column ?? '', columns) : joined(one.columns, one.join ?? '', columns);
  if (!read.ok) return read;
  const changes = (one.transforms ?? []).map(compileTransform);
  if (changes.length === 0) return read;
  return done((row) => changes.reduce((text, change) => (text === '' ? text : change(text)), read.value(row)));
}

function cellOf(column: string | number, columns: Columns): Outcome<ReadCell, ColumnMissing> {
  const index = columns.indexOf(column);
  if (index === null) {
    return refused({ code: 'column_missing', details: { column: String(column), columns: columns.names } });
  }
  return done((row) => row.cells[index] ?? '');
}

function joined(list: readonly (string | number)[], join: string, columns: Columns): Outcome<ReadCell, ColumnMissing> {
  const cells: ReadCell[] = [];
  for (const column of list) {
    const cell = cellOf(column, columns);
    if (!cell.ok) return cell;
    cells.push(cell.value);
  }
  return done((row) => cells.map((cell) => cell(row)).join(join));
}

function compileTransform(change: Transform): (text: string) => string {
  switch (change) {
    case 'upper':
      return (text) => text.toUpperCase();
    case 'lower':
      return (text) => text.toLowerCase();
    case 'digits':
      return (text) => text.replaceAll(/\D/g, '');
    case 'drop_decimal_zero':
      return (text) => text.replace(/\.0+$/, '');
    default:
      return compileLongTransform(change);
  }
}

function compileLongTransform(change: Exclude<Transform, string>): (text: string) => string {
  if ('prefix' in change) return (text) => change.prefix + text;
  if ('pad_left' in change) return (text) => text.padStart(change.pad_left, change.with);
  const values = new Map(Object.entries(change.values));
  return (text) => values.get(text) ?? text;
}

export type TestRow = (row: FileRow) => boolean;

export function compileCondition(one: Condition, columns: Columns, mark: DecimalMark): Outcome<TestRow, ColumnMissing> {
  const found = cellOf(one.column, columns);
  if (!found.ok) return found;
  const cell = found.value;
  if (one.in !== undefined) {
    const values = new Set(one.in);
    return done((row) => values.has(cell(row)));
  }
  const { starts_with: start, empty } = one;
  if (start !== undefined) return done((row) => cell(row).startsWith(start));
  if (empty !== undefined) return done((row) => (cell(row) === '') === empty);
  const bound = readDecimal(one.at_most ?? one.at_least ?? '0', '.');
  const sign = one.at_most === undefined ? -1 : 1;
  return done((row) => {
    const value = readDecimal(cell(row), mark);
    return value !== null && bound !== null && sign * compareDecimals(value, bound) <= 0;
  });
}
