import type { z } from 'zod';
import { compileChecks, type Definition, definitionOf, type IsGood, notByContract, refuse } from './schema-checks.ts';

/** Checks a value and decodes it; throws `notByContract` when it is not by the schema, or when only zod can tell. */
export type Read = (value: unknown) => unknown;

type Compile = (schema: z.ZodType, definition: Definition, known: Known) => Read;
type Known = Map<z.ZodType, Read>;

export function compileReader(schema: z.ZodType, known: Known = new Map()): Read {
  const made = known.get(schema);
  if (made !== undefined) return made;
  // A schema that contains itself meets this one while it is being made.
  known.set(schema, (value) => (known.get(schema) ?? refuse)(value));
  const definition = definitionOf(schema);
  const read = (compilers[definition.type] ?? byZod)(schema, definition, known);
  known.set(schema, read);
  return read;
}

const byZod: Compile = (schema) => (value) => {
  const result = schema.safeParse(value);
  return result.success ? result.data : refuse();
};

const inner: Compile = (_schema, definition, known) => compileReader(definition['innerType'] as z.ZodType, known);

const compilers: Partial<Record<z.core.$ZodTypeDef['type'], Compile>> = {
  string: ofType((value) => typeof value === 'string'),
  number: ofType((value) => typeof value === 'number' && Number.isFinite(value)),
  boolean: ofType((value) => typeof value === 'boolean'),
  null: ofType((value) => value === null),
  unknown: ofType(() => true),
  enum: oneOf((definition) => Object.values(definition['entries'] as Record<string, unknown>)),
  literal: oneOf((definition) => definition['values'] as unknown[]),
  nullable: (schema, definition, known) => {
    const read = inner(schema, definition, known);
    return (value) => (value === null ? null : read(value));
  },
  optional: (schema, definition, known) => {
    const read = inner(schema, definition, known);
    const hasDefault = (definition['innerType'] as z.ZodType)._zod.optin === 'defaulted';
    return (value) => (value === undefined && !hasDefault ? undefined : read(value));
  },
  default: (schema, definition, known) => {
    const read = inner(schema, definition, known);
    // A getter: each request gets its own list or object.
    return (value) => (value === undefined ? definition['defaultValue'] : read(value));
  },
  readonly: byZod,
  object: compileObject,
  array: compileArray,
  union: compileUnion,
  pipe: compilePipe,
  lazy: (_schema, definition, known) => {
    let read: Read | undefined;
    return (value) => (read ??= compileReader((definition['getter'] as () => z.ZodType)(), known))(value);
  },
};

function ofType(isOfType: IsGood): Compile {
  return (schema, definition, known) => {
    const checks = definition['coerce'] === true ? null : compileChecks(definition);
    if (checks === null) return byZod(schema, definition, known);
    return (value) => {
      if (!isOfType(value)) throw notByContract;
      for (const isGood of checks) if (!isGood(value)) throw notByContract;
      return value;
    };
  };
}

function oneOf(valuesOf: (definition: Definition) => readonly unknown[]): Compile {
  return (_schema, definition) => {
    const values = new Set(valuesOf(definition));
    return (value) => (values.has(value) ? value : refuse());
  };
}

interface Field {
  readonly key: string;
  readonly read: Read;
  /** May be missing: optional, or with a default. */
  readonly isOptional: boolean;
}

function compileObject(schema: z.ZodType, definition: Definition, known: Known): Read {
  const catchall = definition['catchall'] as z.ZodType | undefined;
  const checks = compileChecks(definition);
  // Loose objects keep what they do not name: zod's work. After strict.ts there are few.
  if (checks === null || (catchall !== undefined && catchall._zod.def.type !== 'never'))
    return byZod(schema, definition, known);
  const fields = Object.entries(definition['shape'] as Record<string, z.ZodType>).map(
    ([key, field]): Field => ({ key, read: compileReader(field, known), isOptional: field._zod.optin !== undefined }),
  );
  const isStrict = catchall !== undefined;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notByContract;
    const made = readFields(fields, value as Record<string, unknown>, isStrict);
    for (const isGood of checks) if (!isGood(made)) throw notByContract;
    return made;
  };
}

function readFields(
  fields: readonly Field[],
  from: Readonly<Record<string, unknown>>,
  isStrict: boolean,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  let met = 0;
  for (const { key, read, isOptional } of fields) {
    const isThere = Object.hasOwn(from, key);
    if (isThere) met += 1;
    else if (!isOptional) throw notByContract;
    const part = read(isThere ? from[key] : undefined);
    if (part !== undefined || isThere) made[key] = part;
  }
  // Every key that was met is named; one more is not.
  if (isStrict && Object.keys(from).length !== met) throw notByContract;
  return made;
}

function compileArray(schema: z.ZodType, definition: Definition, known: Known): Read {
  const checks = compileChecks(definition);
  if (checks === null) return byZod(schema, definition, known);
  const read = compileReader(definition['element'] as z.ZodType, known);
  return (value) => {
    if (!Array.isArray(value)) throw notByContract;
    const made = value.map(read);
    for (const isGood of checks) if (!isGood(made)) throw notByContract;
    return made;
  };
}

/** Discriminated unions are looked up; which branch of another one fits is zod's question. */
function compileUnion(schema: z.ZodType, definition: Definition, known: Known): Read {
  const key = definition['discriminator'] as string | undefined;
  const options = definition['options'] as z.ZodType[];
  const checks = compileChecks(definition);
  if (key === undefined || checks === null || checks.length > 0) return byZod(schema, definition, known);
  const byValue = new Map<unknown, Read>();
  for (const option of options) {
    const read = compileReader(option, known);
    for (const value of option._zod.propValues?.[key] ?? []) byValue.set(value, read);
  }
  return (value) => {
    if (typeof value !== 'object' || value === null) throw notByContract;
    return (byValue.get((value as Record<string, unknown>)[key]) ?? refuse)(value);
  };
}

type Decode = (value: unknown, payload: { value: unknown; issues: unknown[] }) => unknown;

/** A codec to a bigint, such as money; other pipes and transforms stay with zod. */
function compilePipe(schema: z.ZodType, definition: Definition, known: Known): Read {
  const decode = definition['transform'] as Decode | undefined;
  const out = (definition['out'] as z.ZodType)._zod.def;
  const checks = compileChecks(definition);
  const isMoney =
    out.type === 'bigint' && (out.checks?.length ?? 0) === 0 && definition['reverseTransform'] !== undefined;
  if (decode === undefined || !isMoney || checks === null || checks.length > 0) return byZod(schema, definition, known);
  const read = compileReader(definition['in'] as z.ZodType, known);
  return (value) => {
    const payload = { value, issues: [] };
    const decoded = decode(read(value), payload);
    if (payload.issues.length > 0 || typeof decoded !== 'bigint') throw notByContract;
    return decoded;
  };
}
