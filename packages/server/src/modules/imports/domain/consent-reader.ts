import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { type ColumnMissing, type Columns, compileSource, type FileRow, type ReadCell } from './cells.ts';
import { formatOf, type ImportMapping } from './mapping.ts';
import type { RowProblem } from './row-reader.ts';
import { instantOf, type TimeReader, timeReader } from './time-format.ts';

/** What a row says about one consent. The members module refuses a yes without its text and proof (R33). */
export interface ReadConsent {
  readonly channel: string;
  readonly purpose: string;
  readonly given: boolean;
  readonly at: Instant;
  readonly textShown: string | null;
  readonly proof: { readonly kind: string; readonly reference: string | null } | null;
}

/** A member's own profile fields, as JSON values of their type. */
export type CustomValues = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface MemberExtras {
  readonly consents: readonly ReadConsent[];
  readonly custom: CustomValues;
}

export type ReadExtras = (row: FileRow) => Outcome<MemberExtras, RowProblem>;

interface CompiledConsent {
  readonly channel: string;
  readonly purpose: string;
  readonly cells: Readonly<Record<'given' | 'at' | 'text' | 'proofKind' | 'proofReference', ReadCell>>;
  readonly time: TimeReader;
}

export function extrasReader(
  mapping: ImportMapping,
  columns: Columns,
  zone: string,
): Outcome<ReadExtras, ColumnMissing> {
  const consents: CompiledConsent[] = [];
  for (const one of mapping.consents) {
    const compiled = compileConsent(one, columns, zone);
    if (!compiled.ok) return compiled;
    consents.push(compiled.value);
  }
  const custom: { code: string; type: string; cell: ReadCell }[] = [];
  for (const [code, one] of Object.entries(mapping.custom)) {
    const cell = compileSource(one.source, columns);
    if (!cell.ok) return cell;
    custom.push({ code, type: one.type, cell: cell.value });
  }
  return done((row) => {
    const read: ReadConsent[] = [];
    for (const consent of consents) {
      const one = readConsent(consent, row, { mapping, zone });
      if (!one.ok) return one;
      if (one.value !== null) read.push(one.value);
    }
    const values: Record<string, CustomValues[string]> = {};
    for (const { code, type, cell } of custom) {
      const value = customValue(cell(row), type, mapping);
      if (value === undefined) return refused({ code: 'value_unknown', field: code, detail: `is not ${type}` });
      if (value !== null) values[code] = value;
    }
    return done({ consents: read, custom: values });
  });
}

const nothing: ReadCell = () => '';

function compileConsent(
  one: ImportMapping['consents'][number],
  columns: Columns,
  zone: string,
): Outcome<CompiledConsent, ColumnMissing> {
  const sources = {
    given: one.given,
    at: one.at,
    text: one.text_shown,
    proofKind: one.proof_kind,
    proofReference: one.proof_reference,
  };
  const cells: Record<keyof typeof sources, ReadCell> = {
    given: nothing,
    at: nothing,
    text: nothing,
    proofKind: nothing,
    proofReference: nothing,
  };
  for (const [name, from] of Object.entries(sources)) {
    if (from === undefined) continue;
    const cell = compileSource(from, columns);
    if (!cell.ok) return cell;
    cells[name as keyof typeof sources] = cell.value;
  }
  const time = timeReader(formatOf(one.at), zone) ?? (() => null);
  return done({ channel: one.channel, purpose: one.purpose, cells, time });
}

function readConsent(
  consent: CompiledConsent,
  row: FileRow,
  context: { readonly mapping: ImportMapping; readonly zone: string },
): Outcome<ReadConsent | null, RowProblem> {
  const { cells, channel, purpose } = consent;
  const word = cells.given(row).toLowerCase();
  if (word === '') return done(null);
  const { yes, no } = context.mapping.words;
  const field = `consent ${channel} ${purpose}`;
  if (!yes.includes(word) && !no.includes(word))
    return refused({ code: 'value_unknown', field, detail: 'is neither yes nor no' });
  const at = consent.time(cells.at(row));
  if (at === null)
    return refused({ code: 'time_unreadable', field, detail: "when is not a time in the mapping's format" });
  const kind = cells.proofKind(row);
  const proof = kind === '' ? null : { kind, reference: orNull(cells.proofReference(row)) };
  const given = yes.includes(word);
  return done({ channel, purpose, given, at: instantOf(at, context.zone), textShown: orNull(cells.text(row)), proof });
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** null: nothing given; undefined: not of the type. */
function customValue(text: string, type: string, mapping: ImportMapping): CustomValues[string] | null | undefined {
  if (text === '') return null;
  switch (type) {
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case 'boolean': {
      const word = text.toLowerCase();
      if (mapping.words.yes.includes(word)) return true;
      return mapping.words.no.includes(word) ? false : undefined;
    }
    case 'list':
      return text
        .split(/[,;|]/)
        .map((part) => part.trim())
        .filter((part) => part !== '');
    default:
      return text;
  }
}
