import { z } from 'zod';
import { compileChecks, type Definition, definitionOf, notByContract, refuse } from './schema-checks.ts';

/** Checks a value and writes its JSON in one pass. */
export type Write = (value: unknown) => string;

type Compile = (schema: z.ZodType, definition: Definition, known: Known) => Write;
type Known = Map<z.ZodType, Write>;

// What JSON has to escape; most texts have none of it.
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

export function compileWriter(schema: z.ZodType, known: Known = new Map()): Write {
  const made = known.get(schema);
  if (made !== undefined) return made;
  // A schema that contains itself meets this one while it is being made.
  known.set(schema, (value) => (known.get(schema) ?? refuse)(value));
  const definition = definitionOf(schema);
  const write = (compilers[definition.type] ?? byZod)(schema, definition, known);
  known.set(schema, write);
  return write;
}

const byZod: Compile = (schema) => (value) => {
  const encoded = z.safeEncode(schema, value);
  if (!encoded.success) throw notByContract;
  return JSON.stringify(encoded.data);
};

const inner: Compile = (_schema, definition, known) => compileWriter(definition['innerType'] as z.ZodType, known);

const compilers: Partial<Record<z.core.$ZodTypeDef['type'], Compile>> = {
  string: checked((value) => {
    if (typeof value !== 'string') throw notByContract;
    return special.test(value) ? JSON.stringify(value) : `"${value}"`;
  }),
  number: checked((value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw notByContract;
    return String(value);
  }),
  boolean: checked((value) => {
    if (typeof value !== 'boolean') throw notByContract;
    return value ? 'true' : 'false';
  }),
  null: checked((value) => {
    if (value !== null) throw notByContract;
    return 'null';
  }),
  enum: oneOf((definition) => Object.values(definition['entries'] as Record<string, unknown>)),
  literal: oneOf((definition) => definition['values'] as unknown[]),
  nullable: (schema, definition, known) => {
    const write = inner(schema, definition, known);
    return (value) => (value === null ? 'null' : write(value));
  },
  // Whether a key may be missing is the object's to say.
  optional: inner,
  readonly: inner,
  object: compileObject,
  array: compileArray,
  union: compileUnion,
  pipe: compilePipe,
  lazy: (_schema, definition, known) => {
    let write: Write | undefined;
    return (value) => (write ??= compileWriter((definition['getter'] as () => z.ZodType)(), known))(value);
  },
};

function checked(write: Write): Compile {
  return (schema, definition, known) => {
    const checks = compileChecks(definition);
    if (checks === null) return byZod(schema, definition, known);
    if (checks.length === 0) return write;
    return (value) => {
      const json = write(value);
      for (const isGood of checks) if (!isGood(value)) throw notByContract;
      return json;
    };
  };
}

function oneOf(valuesOf: (definition: Definition) => readonly unknown[]): Compile {
  return (schema, definition, known) => {
    const values = valuesOf(definition);
    if (values.some((value) => !['string', 'number', 'boolean'].includes(typeof value)))
      return byZod(schema, definition, known);
    const texts = new Map(values.map((value) => [value, JSON.stringify(value)]));
    return (value) => texts.get(value) ?? refuse();
  };
}

function compileObject(schema: z.ZodType, definition: Definition, known: Known): Write {
  const checks = definition['checks'] as unknown[] | undefined;
  const isOpen = definition['catchall'] !== undefined && !isNever(definition['catchall'] as z.ZodType);
  if (isOpen || (checks?.length ?? 0) > 0) return byZod(schema, definition, known);
  const fields = Object.entries(definition['shape'] as Record<string, z.ZodType>).map(([key, field]) => ({
    key,
    head: `${JSON.stringify(key)}:`,
    isOptional: field._zod.optin === 'optional' || field._zod.optout === 'optional',
    write: compileWriter(field, known),
  }));
  // A strict object refuses what it does not name; a plain one keeps it to itself.
  const names = definition['catchall'] === undefined ? null : new Set(fields.map((field) => field.key));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notByContract;
    if (names !== null) for (const key of Object.keys(value)) if (!names.has(key)) throw notByContract;
    let json = '';
    for (const field of fields) {
      const part = (value as Record<string, unknown>)[field.key];
      if (part === undefined) {
        if (!field.isOptional) throw notByContract;
        continue;
      }
      json += json === '' ? field.head + field.write(part) : `,${field.head}${field.write(part)}`;
    }
    return `{${json}}`;
  };
}

function isNever(schema: z.ZodType): boolean {
  return schema._zod.def.type === 'never';
}

function compileArray(schema: z.ZodType, definition: Definition, known: Known): Write {
  const checks = compileChecks(definition);
  if (checks === null) return byZod(schema, definition, known);
  const write = compileWriter(definition['element'] as z.ZodType, known);
  return (value) => {
    if (!Array.isArray(value)) throw notByContract;
    for (const isGood of checks) if (!isGood(value)) throw notByContract;
    let json = '';
    for (let index = 0; index < value.length; index += 1)
      json += index === 0 ? write(value[index]) : `,${write(value[index])}`;
    return `[${json}]`;
  };
}

/** A discriminated union is looked up; for others the first branch that fits is zod's choice too. */
function compileUnion(_schema: z.ZodType, definition: Definition, known: Known): Write {
  const branches = (definition['options'] as z.ZodType[]).map((option) => ({
    option,
    write: compileWriter(option, known),
  }));
  const key = definition['discriminator'] as string | undefined;
  if (key === undefined) return (value) => firstThatFits(branches, value);
  const byValue = new Map<unknown, Write>();
  for (const { option, write } of branches)
    for (const value of option._zod.propValues?.[key] ?? []) byValue.set(value, write);
  return (value) => {
    if (typeof value !== 'object' || value === null) throw notByContract;
    return (byValue.get((value as Record<string, unknown>)[key]) ?? refuse)(value);
  };
}

function firstThatFits(branches: readonly { readonly write: Write }[], value: unknown): string {
  for (const { write } of branches) {
    try {
      return write(value);
    } catch (error) {
      if (error !== notByContract) throw error;
    }
  }
  throw notByContract;
}

type Encode = (value: unknown, payload: { value: unknown; issues: unknown[] }) => unknown;

/** A codec: what is inside is checked by its own side, encoded, and written by the side that travels. */
function compilePipe(schema: z.ZodType, definition: Definition, known: Known): Write {
  const encode = definition['reverseTransform'] as Encode | undefined;
  const inside = definition['out'] as z.ZodType;
  const isPlainBigint = inside._zod.def.type === 'bigint' && (inside._zod.def.checks?.length ?? 0) === 0;
  if (encode === undefined || !isPlainBigint) return byZod(schema, definition, known);
  const write = compileWriter(definition['in'] as z.ZodType, known);
  return (value) => {
    if (typeof value !== 'bigint') throw notByContract;
    const payload = { value, issues: [] };
    const encoded = encode(value, payload);
    if (payload.issues.length > 0) throw notByContract;
    return write(encoded);
  };
}
