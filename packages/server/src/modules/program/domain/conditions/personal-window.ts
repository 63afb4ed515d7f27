import type { Instant } from '#kernel/time.ts';
import type { PersonalWindow } from '../cart.ts';

/**
 * The implicit condition of `needs_window`: a member's own time in which a promotion is open to them. Among several the one that ends first is
 * used: the others are still there later.
 */
export function openWindow(
  windows: readonly PersonalWindow[],
  promotionCode: string,
  at: Instant,
): PersonalWindow | null {
  let found: PersonalWindow | null = null;
  const now = at.epochNanoseconds;
  for (const window of windows) {
    if (window.promotionCode !== promotionCode || window.usesLeft === 0) continue;
    if (now < window.from.epochNanoseconds || now >= window.until.epochNanoseconds) continue;
    if (found === null || window.until.epochNanoseconds < found.until.epochNanoseconds) found = window;
  }
  return found;
}
