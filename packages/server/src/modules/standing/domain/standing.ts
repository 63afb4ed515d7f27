import type { Money } from '#kernel/money.ts';
import type { Points } from '#kernel/points.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';

/**
 * The one narrow row per member that a purchase locks. Figures are true until `changesAt`: past it a reader recomputes (R7).
 */
export interface Standing {
  readonly memberId: string;
  /** Grows with every locking use case; facts are numbered from it. */
  readonly revision: bigint;
  readonly blocked: boolean;
  readonly available: Points;
  readonly pending: Points;
  readonly reserved: Points;
  readonly debt: Points;
  /** The next instant at which a figure or the tier changes by time alone; null: never. */
  readonly changesAt: Instant | null;
  /** R9: the member's one deadline of lots that burn by inactivity; null: no such term or no purchase yet. */
  readonly inactivityDeadline: Instant | null;
  readonly receiptsCount: number;
  readonly paidTotal: Money;
  readonly firstPurchaseAt: Instant | null;
  readonly lastPurchaseAt: Instant | null;
  readonly lastShopId: string | null;
  readonly tierCode: string | null;
  readonly tierSince: Instant | null;
  /** When the tier is reviewed (R27); null: never. */
  readonly tierReviewAt: Instant | null;
  /** The shop-local day of the two figures below (R30). */
  readonly day: PlainDate | null;
  readonly dayEarned: Points;
  readonly dayRedeemed: Points;
  /** Reviews, quizzes, custom counters (R27). */
  readonly counters: Readonly<Record<string, number>>;
}
