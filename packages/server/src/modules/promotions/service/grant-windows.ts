import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#platform/db.ts';
import type { WindowGrant } from '../domain/window.ts';
import { insertWindowGrants } from '../store/windows.ts';

/** Switches promotions on for members for a time. The same cause grants a promotion once to a member: repeats change nothing. Up to 1,000. */
export function grantWindows(tx: Tx, grants: readonly WindowGrant[], now: Instant): Promise<void> {
  return insertWindowGrants(tx, grants, now);
}
