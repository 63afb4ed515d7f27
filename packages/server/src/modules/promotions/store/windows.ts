import type { Instant, PlainDate } from '#kernel/time.ts';
import type { MemberUse, PersonalWindow } from '#modules/program/index.ts';
import { type Db, insertRows, rowsStatement, statement, type Tx } from '#platform/db.ts';
import type { WindowGrant } from '../domain/window.ts';

const insertWindows = rowsStatement('promotions.insert_window', {
  head: `insert into promotions.personal_window
    (member_id, window_id, promotion_code, starts_at, ends_at, uses_left, cause_kind, cause_id, created_at)`,
  columns: 9,
  tail: 'on conflict (member_id, promotion_code, cause_kind, cause_id) do nothing',
});

const openWindows = statement<WindowRow>(
  'promotions.open_windows',
  `select window_id, promotion_code, starts_at, ends_at, uses_left from promotions.personal_window
   where member_id = $1 and ends_at > $2 and (uses_left is null or uses_left > 0) order by ends_at, window_id`,
);

// A forced sale (R19) may come when the window is empty already: it stays empty.
const useWindow = statement<never>(
  'promotions.use_window',
  'update promotions.personal_window set uses_left = greatest(0, uses_left - 1) where member_id = $1 and window_id = $2 and uses_left is not null',
);

const unuseWindow = statement<never>(
  'promotions.unuse_window',
  'update promotions.personal_window set uses_left = uses_left + 1 where member_id = $1 and window_id = $2 and uses_left is not null',
);

const endWindows = statement<{ window_id: string }>(
  'promotions.end_windows',
  `update promotions.personal_window set ends_at = greatest($4, starts_at + interval '1 microsecond')
   where member_id = $1 and cause_kind = $2 and cause_id = $3 and ends_at > $4 returning window_id`,
);

const memberUses = statement<{ promotion_code: string; uses: number; day: PlainDate; uses_today: number }>(
  'promotions.member_uses',
  'select promotion_code, uses, day, uses_today from promotions.member_use where member_id = $1',
);

interface WindowRow {
  window_id: string;
  promotion_code: string;
  starts_at: Instant;
  ends_at: Instant;
  uses_left: number | null;
}

export function insertWindowGrants(tx: Tx, grants: readonly WindowGrant[], now: Instant): Promise<void> {
  return insertRows(
    tx,
    insertWindows,
    grants.map((grant) => {
      const when = [grant.from, grant.until, grant.usesMax];
      return [grant.memberId, grant.windowId, grant.promotionCode, ...when, grant.causeKind, grant.causeId, now];
    }),
  );
}

/** Windows that are open at `at` or later. */
export async function readOpenWindows(db: Db, memberId: string, at: Instant): Promise<PersonalWindow[]> {
  return (await db.run(openWindows, [memberId, at])).map((row) => ({
    windowId: row.window_id,
    promotionCode: row.promotion_code,
    from: row.starts_at,
    until: row.ends_at,
    usesLeft: row.uses_left,
  }));
}

export async function readMemberUses(db: Db, memberId: string, day: PlainDate): Promise<Map<string, MemberUse>> {
  const rows = await db.run(memberUses, [memberId]);
  return new Map(
    rows.map((row) => [row.promotion_code, { uses: row.uses, usesToday: row.day.equals(day) ? row.uses_today : 0 }]),
  );
}

export async function takeWindowUse(tx: Tx, memberId: string, windowId: string): Promise<void> {
  await tx.run(useWindow, [memberId, windowId]);
}

export async function giveBackWindowUse(tx: Tx, memberId: string, windowId: string): Promise<void> {
  await tx.run(unuseWindow, [memberId, windowId]);
}

/** Ends what a cause granted, such as a recalled campaign's. Answers how many were open. */
export async function endWindowsOfCause(
  tx: Tx,
  memberId: string,
  cause: { readonly kind: string; readonly id: string },
  now: Instant,
): Promise<number> {
  return (await tx.run(endWindows, [memberId, cause.kind, cause.id, now])).length;
}
