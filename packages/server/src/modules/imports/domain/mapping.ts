import { z } from 'zod';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { readDecimal } from './decimal.ts';
import { type ImportKind, identityFields, importKinds, namesMembers, specsOf } from './kinds.ts';
import { timeReader } from './time-format.ts';

const column = z.union([z.string().min(1).max(200), z.int().min(1).max(1000)]).meta({
  description: 'name of a column in the header, or its number from 1',
});

const transform = z.union([
  z
    .enum(['upper', 'lower', 'digits', 'drop_decimal_zero'])
    .meta({ description: 'drop_decimal_zero: 17850.0 becomes 17850' }),
  z.strictObject({ prefix: z.string().max(60) }),
  z.strictObject({ pad_left: z.int().min(1).max(60), with: z.string().length(1) }),
  z.strictObject({
    values: z.record(z.string(), z.string()).meta({ description: 'М → male; what is not listed stays' }),
  }),
]);

const source = z.union([
  z.string().min(1).max(200).meta({ description: 'name of a column' }),
  z.strictObject({ constant: z.string().max(500) }),
  z.strictObject({ row_number: z.literal(true) }).meta({ description: 'the number of the row in the file' }),
  z.strictObject({
    column: column.optional(),
    columns: z.array(column).min(2).max(10).optional(),
    join: z.string().max(10).optional(),
    transforms: z.array(transform).max(10).optional(),
    format: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'of times: iso, unix, or a picture such as dd.MM.yyyy HH:mm' }),
  }),
]);

const condition = z.strictObject({
  column,
  in: z.array(z.string()).min(1).max(10_000).optional(),
  starts_with: z.string().min(1).optional(),
  empty: z.boolean().optional(),
  at_most: z.string().optional().meta({ description: 'a number' }),
  at_least: z.string().optional(),
});

const skip = condition.extend({ reason: z.string().min(1).max(200).optional() });

const format = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('delimited'),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
    encoding: z.enum(['utf-8', 'windows-1251']).default('utf-8'),
    header: z.boolean().default(true),
    skip_lines: z.int().min(0).max(100).default(0).meta({ description: 'lines before the header or the first row' }),
  }),
  z.strictObject({
    type: z.literal('whitespace'),
    encoding: z.enum(['utf-8', 'windows-1251']).default('utf-8'),
    skip_lines: z.int().min(0).max(100).default(0),
    columns: z.array(z.string().min(1).max(200)).min(1).max(200).meta({ description: 'names, from the left' }),
  }),
]);

const consent = z.strictObject({
  channel: z.enum(['any', 'sms', 'call', 'email', 'telegram', 'max', 'vk', 'push', 'wallet']),
  purpose: z.enum(['advertising', 'service', 'profiling', 'personal_data']),
  given: source.meta({ description: 'yes or no; an empty one says nothing' }),
  at: source,
  text_shown: source
    .optional()
    .meta({ description: 'what the person agreed to; a yes without it is no consent (R33)' }),
  proof_kind: source.optional(),
  proof_reference: source.optional(),
});

const custom = z.strictObject({ source, type: z.enum(['text', 'integer', 'boolean', 'date', 'list']).default('text') });

export const importMapping = z.strictObject({
  kind: z.enum(importKinds),
  format: format.prefault({ type: 'delimited' }),
  zone: z
    .string()
    .default('')
    .meta({ description: 'zone of times without an offset; the installation’s when left out' }),
  decimal_mark: z.enum(['.', ',']).default('.'),
  money_digits: z
    .int()
    .min(0)
    .max(4)
    .default(2)
    .meta({ description: 'decimals of the smallest unit of money: 2 for roubles and kopecks' }),
  rounding: z.enum(['refuse', 'half_up']).default('refuse').meta({
    description: 'what happens to a sum with more decimals: the row is a problem, or it is rounded and counted',
  }),
  words: z
    .strictObject({ yes: z.array(z.string()).min(1), no: z.array(z.string()).min(1) })
    .default({ yes: ['1', 'yes', 'true', 'да', 'y', '+'], no: ['0', 'no', 'false', 'нет', 'n', '-'] }),
  external_system: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .optional()
    .meta({ description: 'the system whose ids external_id holds' }),
  fields: z.record(z.string(), source),
  custom: z.record(z.string(), custom).default({}).meta({ description: 'own profile fields of members, by code' }),
  consents: z.array(consent).max(20).default([]),
  skip: z
    .array(skip)
    .max(50)
    .default([])
    .meta({ description: 'rows that are left out and counted; the first that fits' }),
  duplicates: z
    .enum(['keep', 'drop'])
    .default('keep')
    .meta({ description: 'rows that repeat an earlier row to the letter' }),
  returns: condition
    .optional()
    .meta({ description: 'rows that are returns; without it those with a negative quantity or sum' }),
  unknown_member: z
    .enum(['problem', 'create', 'anonymous'])
    .default('problem')
    .meta({ description: 'receipts of a member who is not there' }),
  integration: z
    .string()
    .min(1)
    .max(63)
    .default('main')
    .meta({ description: 'whose receipts they are: later returns name it' }),
});

export type ImportMapping = z.output<typeof importMapping>;
export type MappingInput = z.input<typeof importMapping>;
export type Source = z.output<typeof source>;
export type Condition = z.output<typeof condition>;
export type Transform = z.output<typeof transform>;
export type FileFormat = ImportMapping['format'];

export interface MappingRefusal {
  readonly code: 'mapping_invalid';
  readonly field: string;
  /** Every finding as `path: sentence`. */
  readonly details: { readonly problems: readonly string[] };
}

const findingsMax = 20;

export function readMapping(input: unknown, kind?: ImportKind): Outcome<ImportMapping, MappingRefusal> {
  const parsed = importMapping.safeParse(input);
  if (!parsed.success) {
    return invalid(parsed.error.issues.map((issue) => `${pathOf(issue.path)}: ${issue.message}`));
  }
  const mapping = parsed.data;
  const findings = [
    ...(kind !== undefined && mapping.kind !== kind
      ? [`/kind: the import is of ${kind}, the mapping of ${mapping.kind}`]
      : []),
    ...fieldFindings(mapping),
    ...identityFindings(mapping),
    ...timeFindings(mapping),
    ...conditionFindings(mapping),
  ];
  return findings.length > 0 ? invalid(findings) : done(mapping);
}

function invalid(findings: readonly string[]): Outcome<never, MappingRefusal> {
  const [first = ''] = findings;
  const field = `/mapping${first.slice(0, first.indexOf(': '))}`;
  return refused({ code: 'mapping_invalid', field, details: { problems: findings.slice(0, findingsMax) } });
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join('');
}

function fieldFindings(mapping: ImportMapping): string[] {
  const specs = specsOf(mapping.kind);
  const known = Object.keys(specs);
  const unknown = Object.keys(mapping.fields)
    .filter((name) => !known.includes(name))
    .map((name) => `/fields/${name}: ${mapping.kind} have no such field; they have ${known.join(', ')}`);
  const missing = known
    .filter((name) => specs[name]?.required === true && mapping.fields[name] === undefined)
    .map((name) => `/fields/${name}: ${mapping.kind} cannot do without it (${specs[name]?.about ?? ''})`);
  const without = (first: string, second: string) =>
    mapping.fields[first] === undefined && mapping.fields[second] === undefined;
  const sum =
    mapping.kind === 'receipts' && without('sum', 'price') ? ['/fields/sum: give sum, or price and quantity'] : [];
  const both = mapping.fields['burns_at'] !== undefined && mapping.fields['inactivity_days'] !== undefined;
  const term =
    mapping.kind === 'lots' && both ? ['/fields/inactivity_days: give burns_at or inactivity_days, not both'] : [];
  return [...unknown, ...missing, ...sum, ...term, ...Object.entries(mapping.fields).flatMap(sourceFindings)];
}

function sourceFindings([name, one]: [string, Source]): string[] {
  if (typeof one === 'string' || !('column' in one || 'columns' in one || 'format' in one || 'transforms' in one))
    return [];
  const isOne = (one.column === undefined) !== (one.columns === undefined);
  return isOne ? [] : [`/fields/${name}: give column or columns`];
}

function identityFindings(mapping: ImportMapping): string[] {
  const named = identityFields.filter((name) => mapping.fields[name] !== undefined);
  const findings: string[] = [];
  const isNeeded =
    mapping.kind === 'members' ||
    (namesMembers(mapping.kind) && mapping.kind !== 'receipts' && mapping.kind !== 'codes');
  if (isNeeded && named.length === 0) findings.push(`/fields: name the member by one of ${identityFields.join(', ')}`);
  if (named.includes('external_id') && mapping.external_system === undefined) {
    findings.push('/external_system: say whose ids external_id holds');
  }
  return findings;
}

const timeTypes: ReadonlySet<string> = new Set(['instant', 'date', 'end']);

function timeFindings(mapping: ImportMapping): string[] {
  const specs = specsOf(mapping.kind);
  return Object.entries(mapping.fields).flatMap(([name, one]) => {
    const given = formatOf(one);
    if (given === 'iso') return [];
    if (!timeTypes.has(specs[name]?.type ?? '')) return [`/fields/${name}/format: only times have a format`];
    return timeReader(given, 'UTC') === null ? [`/fields/${name}/format: needs yyyy, MM and dd, each once`] : [];
  });
}

export function formatOf(one: Source): string {
  return typeof one === 'object' && 'format' in one && one.format !== undefined ? one.format : 'iso';
}

function conditionFindings(mapping: ImportMapping): string[] {
  const all: (readonly [string, Condition])[] = mapping.skip.map((one, index) => [`/skip/${index}`, one]);
  if (mapping.returns !== undefined) all.push(['/returns', mapping.returns]);
  return all.flatMap(([path, one]) => {
    const tests = [one.in, one.starts_with, one.empty, one.at_most, one.at_least].filter((test) => test !== undefined);
    if (tests.length !== 1) return [`${path}: give exactly one of in, starts_with, empty, at_most, at_least`];
    const bound = one.at_most ?? one.at_least;
    return bound !== undefined && readDecimal(bound, '.') === null ? [`${path}: ${bound} is not a number`] : [];
  });
}
