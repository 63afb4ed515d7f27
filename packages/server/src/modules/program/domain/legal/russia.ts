import { type Money, money } from '#kernel/money.ts';
import { divideCeiling } from '#kernel/rate.ts';
import type { LegalProfile, LegalRule, MinimumPriceQuestion } from './profile.ts';

const nothing: LegalRule = {
  discounts: false,
  earning: false,
  redeeming: false,
  gifts: false,
  advertising: false,
  minimumPrice: null,
};

/**
 * Least retail prices by the orders of the Ministry of Finance: kopecks for `perMl`, in force from a date [law]. They are law of the day and
 * have to be looked at every January; a wrong one is too high for some drinks rather than too low.
 */
interface MinimumPrices {
  readonly tag: string;
  readonly perMl: bigint;
  /** Ascending by date. */
  readonly since: readonly { readonly date: string; readonly kopecks: bigint }[];
}

const spirits: MinimumPrices = {
  tag: 'alcohol:spirits',
  perMl: 500n,
  since: [
    { date: '2021-01-01', kopecks: 243_00n },
    { date: '2022-01-01', kopecks: 261_00n },
    { date: '2023-01-01', kopecks: 281_00n },
    { date: '2024-01-01', kopecks: 299_00n },
    { date: '2025-01-01', kopecks: 349_00n },
    { date: '2026-01-01', kopecks: 409_00n },
  ],
};

const brandy: MinimumPrices = {
  tag: 'alcohol:brandy',
  perMl: 500n,
  since: [
    { date: '2021-01-01', kopecks: 307_00n },
    { date: '2022-01-01', kopecks: 348_00n },
    { date: '2023-01-01', kopecks: 375_00n },
    { date: '2024-01-01', kopecks: 403_00n },
    { date: '2025-01-01', kopecks: 472_00n },
    { date: '2026-01-01', kopecks: 605_00n },
  ],
};

const cognac: MinimumPrices = {
  tag: 'alcohol:cognac',
  perMl: 500n,
  since: [
    { date: '2021-01-01', kopecks: 446_00n },
    { date: '2022-01-01', kopecks: 480_00n },
    { date: '2023-01-01', kopecks: 517_00n },
    { date: '2024-01-01', kopecks: 556_00n },
    { date: '2025-01-01', kopecks: 651_00n },
    { date: '2026-01-01', kopecks: 755_00n },
  ],
};

const sparkling: MinimumPrices = {
  tag: 'alcohol:sparkling',
  perMl: 750n,
  since: [
    { date: '2021-01-01', kopecks: 169_00n },
    { date: '2023-01-01', kopecks: 239_00n },
    { date: '2025-01-01', kopecks: 299_00n },
  ],
};

/** Drinks the orders name no price for. */
const withoutMinimum: ReadonlySet<string> = new Set(['alcohol:beer', 'alcohol:wine', 'alcohol:cider', 'alcohol:mead']);
const tables = [cognac, brandy, sparkling, spirits];

function alcoholMinimum({ volumeMl, tags, date }: MinimumPriceQuestion): Money | null {
  if (tags.some((tag) => withoutMinimum.has(tag))) return null;
  // A drink that nobody described is taken for the strictest thing a shelf is likely to hold: the safe side.
  const table = tables.find(({ tag }) => tags.includes(tag)) ?? spirits;
  const inForce = table.since.findLast((step) => step.date <= date);
  if (!inForce) return null;
  return money(divideCeiling(inForce.kopecks * BigInt(volumeMl ?? Number(table.perMl)), table.perMl));
}

/** The default profile. Only the owner changes it, and that is on record (R13) [law]. */
export const russia: LegalProfile = {
  code: 'russia',
  rules: {
    tobacco: nothing,
    nicotine: nothing,
    hookah: nothing,
    alcohol: {
      discounts: true,
      earning: true,
      redeeming: true,
      gifts: false,
      advertising: false,
      minimumPrice: alcoholMinimum,
    },
    prescription: nothing,
    // A gift card is a prepayment (R28): the money is counted when it is spent.
    gift_card: { ...nothing, advertising: true },
  },
};
