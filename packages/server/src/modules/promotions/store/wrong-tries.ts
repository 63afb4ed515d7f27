import type { Instant } from '#kernel/time.ts';
import { type Db, statement } from '#platform/db.ts';

const read = statement<{ subject: string; tries: number }>(
  'promotions.read_wrong_tries',
  'select subject, tries from promotions.wrong_try where subject = any($1) and window_start > $2',
);

// In a table and not in memory: the limit is one for all processes, and only wrong codes pay for it.
const count = statement<never>(
  'promotions.count_wrong_try',
  `insert into promotions.wrong_try as t (subject, window_start, tries, last_key) values ($1, $2, $5, $4)
   on conflict (subject) do update set
     tries = case
       when t.window_start <= $3 then excluded.tries
       when t.last_key = excluded.last_key then t.tries
       else t.tries + excluded.tries end,
     window_start = case when t.window_start <= $3 then excluded.window_start else t.window_start end,
     last_key = excluded.last_key`,
);

/** Wrong tries of each subject whose window began after `since`. */
export async function readWrongTries(
  db: Db,
  subjects: readonly string[],
  since: Instant,
): Promise<Map<string, number>> {
  const rows = await db.run(read, [subjects, since]);
  return new Map(rows.map((row) => [row.subject, row.tries]));
}

/** `tries` more of one subject; a window that began at or before `since` is over. The same key again is not a new try. */
export async function countWrongTries(
  db: Db,
  subject: string,
  wrong: { readonly tries: number; readonly lastKey: string; readonly now: Instant; readonly since: Instant },
): Promise<void> {
  await db.run(count, [subject, wrong.now, wrong.since, wrong.lastKey, wrong.tries]);
}
