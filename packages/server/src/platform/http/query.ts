/**
 * As forms are read (WHATWG), so that bytes which are no UTF-8 become U+FFFD and are refused later; Fastify's own parser hands them through as they
 * came. A name that comes twice is a list.
 */
export function parseQuery(text: string): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  if (text === '') return values;
  for (const [name, value] of new URLSearchParams(text)) {
    const before = values[name];
    values[name] = before === undefined ? value : [before, value].flat();
  }
  return values;
}
