import type { Instant } from '#kernel/time.ts';

/** A promotion switched on for one member for a time: recipients of a campaign, N days from an event (R16). */
export interface WindowGrant {
  readonly memberId: string;
  readonly windowId: string;
  readonly promotionCode: string;
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  /** null: any number. */
  readonly usesMax: number | null;
  /** What caused it. The same cause grants a promotion once to a member. */
  readonly causeKind: string;
  readonly causeId: string;
}
