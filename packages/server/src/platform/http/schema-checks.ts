import type { z } from 'zod';

/** The value is not what the schema says, or what is compiled here cannot tell: zod decides. One object, because it never gets out. */
export class NotByContract extends Error {}
export const notByContract = new NotByContract('not by the contract');

export function refuse(): never {
  throw notByContract;
}

export type Definition = z.core.$ZodTypeDef & Readonly<Record<string, unknown>>;

export function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

/** A check of a value that is already of the right type. */
export type IsGood = (value: unknown) => boolean;

type Parameters = Readonly<Record<string, unknown>>;
type Sized = { readonly length: number };

/** zod's checks as plain functions; null when one of them is not known here (a transform, a format with more to it): zod has to judge then. */
export function compileChecks(definition: object): readonly IsGood[] | null {
  const own = definition as Parameters;
  const checks = ((own['checks'] as { _zod: { def: Parameters } }[] | undefined) ?? []).map((check) => check._zod.def);
  // z.uuid(), z.int() and their like carry their own check in the definition.
  const all = own['check'] === undefined ? checks : [own, ...checks];
  const compiled = all.map(compileCheck);
  return compiled.includes(null) ? null : compiled.filter((isGood) => isGood !== null);
}

function compileCheck(check: Parameters): IsGood | null {
  const bound = check['value'] as number;
  switch (check['check']) {
    case 'string_format':
      return byPattern(check);
    case 'number_format':
      return check['format'] === 'safeint' ? Number.isSafeInteger : null;
    case 'greater_than':
      return check['inclusive'] === true ? (value) => (value as number) >= bound : (value) => (value as number) > bound;
    case 'less_than':
      return check['inclusive'] === true ? (value) => (value as number) <= bound : (value) => (value as number) < bound;
    case 'min_length':
      return (value) => (value as Sized).length >= (check['minimum'] as number);
    case 'max_length':
      return (value) => (value as Sized).length <= (check['maximum'] as number);
    case 'custom':
      return byFunction(check);
    default:
      return null;
  }
}

/** z.refine. One that answers a promise, or any other than yes and no, is left to zod. */
function byFunction(check: Parameters): IsGood | null {
  const judge = check['fn'];
  if (typeof judge !== 'function' || check['when'] !== undefined) return null;
  return (value) => (judge as (value: unknown) => unknown)(value) === true;
}

// For these the pattern is all there is to it; others (url, json, jwt, base64) look further.
const wholeFormats: ReadonlySet<unknown> = new Set([
  'regex',
  'uuid',
  'datetime',
  'date',
  'time',
  'email',
  'lowercase',
  'uppercase',
]);

function byPattern(check: Parameters): IsGood | null {
  const pattern = check['pattern'];
  if (!(pattern instanceof RegExp) || pattern.global || pattern.sticky || !wholeFormats.has(check['format']))
    return null;
  return (value) => pattern.test(value as string);
}
