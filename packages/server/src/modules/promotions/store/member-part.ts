import type { Instant } from '#kernel/time.ts';
import { all, type Db, statement, type Tx } from '#platform/db.ts';

/** What merging moved, to be undone within its term (R32). */
export interface PromotionsMemento {
  readonly windows: readonly { readonly from: string; readonly to: string }[];
  readonly uses: readonly { readonly promotionCode: string; readonly uses: number }[];
  readonly codeKeys: readonly string[];
}

const windowsOf = statement<WindowRow>(
  'promotions.windows_of_members',
  `select member_id, window_id, promotion_code, starts_at, ends_at, uses_left, cause_kind, cause_id, created_at
   from promotions.personal_window where member_id = any($1) order by created_at, window_id`,
);
const usesOf = statement<UseRow>(
  'promotions.uses_of_members',
  `select member_id, receipt_id, promotion_code, code_key, discount, points, state, taken_at
   from promotions.use where member_id = any($1) order by taken_at, use_id`,
);
const countsOf = statement<{ promotion_code: string; uses: number; day: unknown; uses_today: number }>(
  'promotions.counts_of_member',
  'select promotion_code, uses, day, uses_today from promotions.member_use where member_id = $1 order by promotion_code',
);
const copyWindow = statement<{ window_id: string }>(
  'promotions.copy_window',
  `insert into promotions.personal_window
     (member_id, window_id, promotion_code, starts_at, ends_at, uses_left, cause_kind, cause_id, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (member_id, promotion_code, cause_kind, cause_id) do nothing returning window_id`,
);
const addCount = statement<never>(
  'promotions.add_count',
  `insert into promotions.member_use as m (member_id, promotion_code, uses, day, uses_today) values ($1, $2, $3, $4, $5)
   on conflict (member_id, promotion_code) do update set
     uses = m.uses + excluded.uses,
     uses_today = case
       when m.day = excluded.day then m.uses_today + excluded.uses_today
       when m.day < excluded.day then excluded.uses_today else m.uses_today end,
     day = greatest(m.day, excluded.day)`,
);
const subtractCount = statement<never>(
  'promotions.subtract_count',
  'update promotions.member_use set uses = greatest(0, uses - $3) where member_id = $1 and promotion_code = $2',
);
const passCodes = statement<{ code_key: string }>(
  'promotions.pass_codes',
  'update promotions.promo_code set member_id = $2 where member_id = $1 returning code_key',
);
const passCodesBack = statement<never>(
  'promotions.pass_codes_back',
  'update promotions.promo_code set member_id = $3 where member_id = $1 and code_key = any($2)',
);
const returnWindow = statement<{ uses_left: number | null }>(
  'promotions.take_back_window',
  'delete from promotions.personal_window where member_id = $1 and window_id = $2 returning uses_left',
);
const setUsesLeft = statement<never>(
  'promotions.set_window_uses_left',
  'update promotions.personal_window set uses_left = $3 where member_id = $1 and window_id = $2',
);
const endAll = statement<never>(
  'promotions.end_all_windows',
  `update promotions.personal_window set ends_at = greatest($2, starts_at + interval '1 microsecond') where member_id = $1 and ends_at > $2`,
);
const cancelAll = statement<never>(
  'promotions.cancel_codes_of_member',
  'update promotions.promo_code set cancelled_at = coalesce(cancelled_at, $2) where member_id = $1',
);

interface WindowRow {
  member_id: string;
  window_id: string;
  promotion_code: string;
  starts_at: Instant;
  ends_at: Instant;
  uses_left: number | null;
  cause_kind: string;
  cause_id: string;
  created_at: Instant;
}

interface UseRow {
  member_id: string;
  receipt_id: string;
  promotion_code: string;
  code_key: string | null;
  discount: bigint;
  points: bigint;
  state: string;
  taken_at: Instant;
}

export function readWindowRows(db: Db, memberIds: readonly string[]): Promise<WindowRow[]> {
  return db.run(windowsOf, [memberIds]);
}

export function readUseRows(db: Db, memberIds: readonly string[]): Promise<UseRow[]> {
  return db.run(usesOf, [memberIds]);
}

/** Windows are copied (an alias keeps its rows), counts add up, personal codes work for the survivor from now on. */
export async function absorb(
  tx: Tx,
  pair: { readonly survivorId: string; readonly absorbedId: string },
  newId: () => string,
): Promise<PromotionsMemento> {
  const windows: { from: string; to: string }[] = [];
  for (const row of await tx.run(windowsOf, [[pair.absorbedId]])) {
    const when = [row.starts_at, row.ends_at, row.uses_left, row.cause_kind, row.cause_id, row.created_at];
    const [copied] = await tx.run(copyWindow, [pair.survivorId, newId(), row.promotion_code, ...when]);
    if (copied) windows.push({ from: row.window_id, to: copied.window_id });
  }
  const counts = await tx.run(countsOf, [pair.absorbedId]);
  await all(
    counts.map((row) => tx.run(addCount, [pair.survivorId, row.promotion_code, row.uses, row.day, row.uses_today])),
  );
  const codes = await tx.run(passCodes, [pair.absorbedId, pair.survivorId]);
  return {
    windows,
    uses: counts.map((row) => ({ promotionCode: row.promotion_code, uses: row.uses })),
    codeKeys: codes.map((row) => row.code_key),
  };
}

export async function releaseAbsorbed(
  tx: Tx,
  pair: { readonly survivorId: string; readonly absorbedId: string },
  memento: PromotionsMemento,
): Promise<void> {
  for (const { from, to } of memento.windows) {
    const [row] = await tx.run(returnWindow, [pair.survivorId, to]);
    // What was used of the copy stays used.
    if (row) await tx.run(setUsesLeft, [pair.absorbedId, from, row.uses_left]);
  }
  await all(
    memento.uses.map(({ promotionCode, uses }) => tx.run(subtractCount, [pair.survivorId, promotionCode, uses])),
  );
  await tx.run(passCodesBack, [pair.survivorId, memento.codeKeys, pair.absorbedId]);
}

/** An erased person uses nothing any more; uses stay as sums (R34). */
export async function endEverything(tx: Tx, memberId: string, now: Instant): Promise<void> {
  await all([tx.run(endAll, [memberId, now]), tx.run(cancelAll, [memberId, now])]);
}
