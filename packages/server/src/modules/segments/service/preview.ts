import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import type { Db } from '#platform/db.ts';
import { validateRule } from './evaluate.ts';
import { countSegment, listSegment } from './find.ts';

export { memberFields } from './registry.ts';

export interface SegmentsDeps {
  readonly db: Db;
  /** The installation's (R3). */
  readonly zone: string;
}

export interface SegmentRefusal {
  readonly code: 'segment_invalid';
  /** The first problem's place in the request. */
  readonly field: string;
  readonly details: { readonly problems: readonly string[] };
}

/** How many members a rule holds for, and the first of them. */
export async function previewSegment(
  deps: SegmentsDeps,
  asked: { readonly rule: unknown; readonly sample: number; readonly now: Instant },
): Promise<Outcome<{ readonly count: bigint; readonly memberIds: readonly string[] }, SegmentRefusal>> {
  const reading = validateRule(asked.rule, 'audience');
  if (!reading.ok) {
    const problems = reading.problems.map(({ path, message }) => `/rule${path}: ${message}`);
    return refused({
      code: 'segment_invalid',
      field: `/rule${reading.problems[0]?.path ?? ''}`,
      details: { problems },
    });
  }
  const moment = { now: asked.now, zone: deps.zone };
  const [count, page] = await Promise.all([
    countSegment(deps.db, reading.rule, moment),
    asked.sample === 0
      ? { memberIds: [] }
      : listSegment(deps.db, reading.rule, moment, { after: null, limit: asked.sample }),
  ]);
  return done({ count, memberIds: page.memberIds });
}
