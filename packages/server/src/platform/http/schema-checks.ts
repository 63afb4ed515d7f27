/** A check of a value that is already of the right type. */
export type IsGood = (value: unknown) => boolean;

type Parameters = Readonly<Record<string, unknown>>;
type Sized = { readonly length: number };

/** zod's checks as plain functions; null when one of them is not known here (a refinement, a transform): zod has to judge then. */
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
    default:
      return null;
  }
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
