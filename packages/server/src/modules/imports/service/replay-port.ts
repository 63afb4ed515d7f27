import type { ReplayAnswer, ReplayItem, ReplayOptions } from '#modules/checkout/index.ts';

/** checkout's `replay` with its own dependencies: past receipts in the order of time, at most 1,000, one transaction. */
export type ReplayPort = (items: readonly ReplayItem[], options: ReplayOptions) => Promise<readonly ReplayAnswer[]>;
