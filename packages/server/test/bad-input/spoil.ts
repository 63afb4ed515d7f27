// Makes wrong requests out of a good one, by the JSON schema that is published for it: an independent reading of the contract.
import { z } from 'zod';

// oxlint-disable-next-line no-explicit-any -- JSON Schema is what it is
type Schema = { readonly [key: string]: any };

export interface Spoiled {
  /** JSON pointer to what was spoiled. */
  readonly at: string;
  readonly how: string;
  readonly body: unknown;
}

const unknownKey = 'key_nobody_knows';
const wrongTimes = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-12:00',
  '2026-02-30T00:00:00Z',
  '2026-03-02T12:00:00',
  '0000-12-31',
  '9999-12-31',
  '2023-02-29',
  'yesterday',
  '1772442000',
];
const candidates = [null, true, 'text', 7, [], {}];

export function jsonSchema(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' });
}

/** Every way to break one place of the body; each has to be a bad_request that points at the place. */
export function spoiled(schema: z.ZodType, good: unknown): Spoiled[] {
  const root = jsonSchema(schema);
  const found: Spoiled[] = [];
  walk({ root, schema: root, value: good, at: '' }, (at, how, value) => {
    found.push({ at, how, body: replaced(good, at, value) });
  });
  return found;
}

/** The body with another text in each place that has one, or one like this. */
export function withText(good: unknown, text: string, like = /^/): Spoiled[] {
  const found: Spoiled[] = [];
  eachText(good, '', (at, was) => {
    if (like.test(was)) found.push({ at, how: 'text', body: replaced(good, at, text) });
  });
  return found;
}

interface Place {
  readonly root: Schema;
  readonly schema: Schema;
  readonly value: unknown;
  readonly at: string;
}
type Found = (at: string, how: string, value: unknown) => void;

function walk(place: Place, found: Found): void {
  const branches = branchesOf(place.root, place.schema);
  wrongTypes(place, branches, found);
  if (place.value === undefined) return;
  const branch = branches.find((each) => fits(each, place.value)) ?? {};
  if (typeof place.value === 'string') wrongTexts(place, branches, found);
  else if (typeof place.value === 'number') wrongNumbers(place, branch, found);
  else if (Array.isArray(place.value)) wrongArray({ ...place, schema: branch, value: place.value }, found);
  else if (typeof place.value === 'object' && place.value !== null) wrongObject({ ...place, schema: branch }, found);
}

function wrongTypes({ at }: Place, branches: readonly Schema[], found: Found): void {
  if (branches.some((branch) => isAnything(branch))) return;
  for (const candidate of candidates) {
    if (branches.some((branch) => isOfType(branch, candidate))) continue;
    found(at, `is ${JSON.stringify(candidate)}`, candidate);
  }
}

function wrongTexts({ at, value }: Place, branches: readonly Schema[], found: Found): void {
  const text = value as string;
  for (const bad of [`${text}\u0000`, '\ud800', `\udc00${text}`, `a\u007f`]) found(at, JSON.stringify(bad), bad);
  const mayBeLong = branches.some((branch) => isAnything(branch));
  if (!mayBeLong) found(at, 'is very long', 'я'.repeat(50_000));
  const isTime = branches.some((branch) => branch['format'] === 'date-time' || branch['format'] === 'date');
  for (const bad of isTime ? wrongTimes : []) found(at, bad, bad);
}

function wrongNumbers({ at }: Place, branch: Schema, found: Found): void {
  if (branch['type'] !== 'integer') return;
  const { minimum, maximum } = branch;
  for (const bad of [1.5, 1e300, 2 ** 53, -(2 ** 53), minimum - 1, maximum + 1, -0.1]) {
    if (!Number.isNaN(bad)) found(at, String(bad), bad);
  }
}

function wrongArray({ root, schema, value, at }: Place, found: Found): void {
  const items = value as unknown[];
  const { minItems = 0, maxItems } = schema;
  if (minItems > 0) found(at, 'is empty', []);
  if (maxItems < 10_000)
    found(
      at,
      'has 10,000 items',
      Array.from({ length: 10_000 }, () => items[0]),
    );
  if (schema['items'] !== undefined && items.length > 0)
    walk({ root, schema: schema['items'], value: items[0], at: `${at}/0` }, found);
}

function wrongObject({ root, schema, value, at }: Place, found: Found): void {
  const object = value as Record<string, unknown>;
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  if (schema['properties'] !== undefined) found(`${at}/${unknownKey}`, 'is there', 1);
  for (const key of (schema['required'] ?? []) as string[]) found(`${at}/${key}`, 'is missing', undefined);
  for (const [key, property] of Object.entries(properties))
    walk({ root, schema: property, value: object[key], at: `${at}/${key}` }, found);
  if (schema['properties'] !== undefined) return;
  // A free document: its texts are still texts.
  eachText(value, at, (place) => found(place, 'NUL', 'a\u0000'));
}

function eachText(value: unknown, at: string, found: (at: string, text: string) => void): void {
  if (typeof value === 'string') found(at, value);
  else if (Array.isArray(value)) value.forEach((item, index) => eachText(item, `${at}/${index}`, found));
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) eachText(part, `${at}/${key}`, found);
}

function branchesOf(root: Schema, schema: Schema): Schema[] {
  if (typeof schema['$ref'] === 'string') return branchesOf(root, deref(root, schema['$ref']));
  const options = (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;
  return options === undefined ? [schema] : options.flatMap((option) => branchesOf(root, option));
}

function deref(root: Schema, reference: string): Schema {
  const steps = reference.slice(2).split('/');
  return steps.reduce<Schema>((from, step) => from[step], root);
}

function isAnything(branch: Schema): boolean {
  return branch['type'] === undefined && branch['const'] === undefined && branch['enum'] === undefined;
}

function isOfType(branch: Schema, value: unknown): boolean {
  if ('const' in branch) return branch['const'] === value;
  if (branch['enum'] !== undefined) return branch['enum'].includes(value);
  switch (branch['type']) {
    case 'integer':
    case 'number':
      return typeof value === 'number';
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value) && !(value.length < branch['minItems']);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) && !(branch['required']?.length > 0);
    case 'string':
      // A pattern or a format may refuse our word: then it is wrong too, but not by its type.
      return typeof value === 'string';
    default:
      return typeof value === branch['type'];
  }
}

/** Which branch of a union a good value belongs to. */
function fits(branch: Schema, value: unknown): boolean {
  if (branch['type'] !== 'object' || typeof value !== 'object' || value === null || Array.isArray(value))
    return isAnything(branch) || ('required' in branch ? false : isOfType(branch, value));
  const properties = (branch['properties'] ?? {}) as Record<string, Schema>;
  const fitting = Object.entries(properties).every(
    ([key, property]) => !('const' in property) || property['const'] === (value as Record<string, unknown>)[key],
  );
  return fitting && ((branch['required'] ?? []) as string[]).every((key) => key in value);
}

/** A copy with another value at a pointer; undefined removes the key. */
function replaced(whole: unknown, at: string, value: unknown): unknown {
  if (at === '') return value;
  const [, first = '', ...rest] = at.split('/');
  const inside = rest.length === 0 ? '' : `/${rest.join('/')}`;
  if (Array.isArray(whole))
    return whole.map((item, index) => (String(index) === first ? replaced(item, inside, value) : item));
  const object = whole as Record<string, unknown>;
  return { ...object, [first]: replaced(object[first], inside, value) };
}
