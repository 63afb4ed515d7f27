import { z } from 'zod';

/**
 * A copy of a schema in which every object refuses keys it does not name: a misspelt key is told, not dropped. Contracts may write plain
 * `z.object`; `z.looseObject` and an explicit catchall stay as they are. Schemas that refer to themselves (z.lazy, getters) work.
 */
export function strict(schema: z.ZodType, known: Map<z.ZodType, z.ZodType> = new Map()): z.ZodType {
  const made = known.get(schema);
  if (made !== undefined) return made;
  // A schema on its way refers to itself by this promise of it.
  known.set(
    schema,
    z.lazy(() => known.get(schema) ?? schema),
  );
  const copy = rebuilt(schema, (part) => strict(part, known));
  known.set(schema, copy);
  return copy;
}

type Change = (part: z.ZodType) => z.ZodType;
type Definition = z.core.$ZodTypeDef & Record<string, unknown>;

/** Where each kind of schema keeps the schemas it is made of. Kinds that are not named hold none. */
const childrenOf: Readonly<Partial<Record<z.core.$ZodTypeDef['type'], readonly string[]>>> = {
  array: ['element'],
  optional: ['innerType'],
  nullable: ['innerType'],
  nonoptional: ['innerType'],
  readonly: ['innerType'],
  default: ['innerType'],
  prefault: ['innerType'],
  catch: ['innerType'],
  success: ['innerType'],
  promise: ['innerType'],
  record: ['keyType', 'valueType'],
  map: ['keyType', 'valueType'],
  set: ['valueType'],
  union: ['options'],
  tuple: ['items', 'rest'],
  pipe: ['in', 'out'],
};

function rebuilt(schema: z.ZodType, change: Change): z.ZodType {
  const definition = schema._zod.def as unknown as Definition;
  if (definition.type === 'object') return strictObject(schema, definition, change);
  if (definition.type === 'lazy') {
    const getter = definition['getter'] as () => z.ZodType;
    return z.lazy(() => change(getter()));
  }
  const places = childrenOf[definition.type];
  if (places === undefined) return schema;
  const changes: Record<string, unknown> = {};
  for (const place of places) changes[place] = changed(definition[place], change);
  return z.clone(schema, changedDefinition(definition, changes));
}

function changed(part: unknown, change: Change): unknown {
  if (Array.isArray(part)) return part.map((item: z.ZodType) => change(item));
  return part === null || part === undefined ? part : change(part as z.ZodType);
}

function strictObject(schema: z.ZodType, definition: Definition, change: Change): z.ZodType {
  const shape = definition['shape'] as Record<string, z.ZodType>;
  const copy = Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, change(part)]));
  const catchall = definition['catchall'] === undefined ? z.never() : changed(definition['catchall'], change);
  return z.clone(schema, changedDefinition(definition, { shape: copy, catchall }));
}

/** Getters stay getters: a default has to be made anew for every request. */
function changedDefinition(definition: Definition, changes: Readonly<Record<string, unknown>>): Definition {
  const kept = Object.getOwnPropertyDescriptors(definition);
  const put = Object.getOwnPropertyDescriptors(changes);
  return Object.defineProperties({}, { ...kept, ...put }) as Definition;
}
