import type { Instant } from '#kernel/time.ts';

/** Unique codes of one promotion, made in the background. */
export interface Pool {
  readonly poolId: string;
  readonly promotionCode: string;
  readonly name: string;
  readonly prefix: string;
  /** Random letters after the prefix. */
  readonly length: number;
  readonly count: number;
  readonly generated: number;
  /** Uses of each code; null: any number. */
  readonly usesMax: number | null;
  readonly validFrom: Instant | null;
  readonly validUntil: Instant | null;
  readonly state: 'running' | 'done';
  readonly createdAt: Instant;
  readonly finishedAt: Instant | null;
}

/** Codes per transaction: about a tenth of a second, so that a kill loses little and nothing waits. */
export const poolChunk = 20_000;
