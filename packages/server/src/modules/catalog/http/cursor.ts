import { done, type Outcome, refused } from '#kernel/outcome.ts';

/** Where the next page begins, as opaque text. */
export function writeCursor(place: unknown): string | null {
  return place === null ? null : Buffer.from(JSON.stringify(place)).toString('base64url');
}

export type BadCursor = { readonly code: 'bad_cursor'; readonly field: string };

export function readCursor<Place>(
  cursor: string | undefined,
  isPlace: (value: unknown) => value is Place,
): Outcome<Place | null, BadCursor> {
  if (cursor === undefined) return done(null);
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (isPlace(place)) return done(place);
  } catch {
    // Not ours: answered below.
  }
  return refused({ code: 'bad_cursor', field: '/cursor' });
}

export function isTextPlace(value: unknown): value is string {
  return typeof value === 'string' && isStorable(value);
}

export function isPathPlace(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((step) => isTextPlace(step));
}

export function isNumberPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
