import type { z } from 'zod';
import { HttpProblem } from './problems.ts';

/** An opaque cursor holds where the page ended: the sort key of its last row. */
export function writeCursor(place: readonly string[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Null without a cursor; a cursor that we did not write, or wrote for another list, is a bad request. */
export function readCursor<Place>(cursor: string | undefined, place: z.ZodType<Place>): Place | null {
  if (cursor === undefined) return null;
  const read = place.safeParse(parsed(cursor));
  if (read.success) return read.data;
  throw new HttpProblem('bad_request', { field: 'query/cursor', detail: 'not a cursor of this list' });
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
