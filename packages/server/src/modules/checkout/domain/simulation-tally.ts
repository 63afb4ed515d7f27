import { type Money, money } from '#kernel/money.ts';
import { noPoints, type Points, points } from '#kernel/points.ts';
import type { Instant } from '#kernel/time.ts';
import type { CompiledProgram, Quote } from '#modules/program/index.ts';
import type { PastReceipt } from './past-receipt.ts';

/** What one program came to over the past; counted up receipt by receipt. */
export interface SideTally {
  receipts: number;
  paid: bigint;
  discount: bigint;
  redeemed: bigint;
  earned: bigint;
  readonly promotions: Map<string, { receipts: number; discount: bigint; points: bigint }>;
  readonly tiers: Map<string | null, { receipts: number; paid: bigint; earned: bigint; redeemed: bigint }>;
}

export function emptyTally(): SideTally {
  return {
    ...{ receipts: 0, paid: 0n, discount: 0n, redeemed: 0n, earned: 0n },
    promotions: new Map(),
    tiers: new Map(),
  };
}

/** `tierCode`: the tier that rated the receipt. */
export function countQuote(tally: SideTally, quote: Pick<Quote, 'totals' | 'uses'>, tierCode: string | null): void {
  const { paid, promotionDiscount, redeemedPoints, earnedPoints } = quote.totals;
  tally.receipts += 1;
  tally.paid += paid;
  tally.discount += promotionDiscount;
  tally.redeemed += redeemedPoints;
  tally.earned += earnedPoints;
  for (const { promotionCode, discount, points: given } of quote.uses) {
    const sum = tally.promotions.get(promotionCode) ?? { receipts: 0, discount: 0n, points: 0n };
    sum.receipts += 1;
    sum.discount += discount;
    sum.points += given;
    tally.promotions.set(promotionCode, sum);
  }
  const tier = tally.tiers.get(tierCode) ?? { receipts: 0, paid: 0n, earned: 0n, redeemed: 0n };
  tier.receipts += 1;
  tier.paid += paid;
  tier.earned += earnedPoints;
  tier.redeemed += redeemedPoints;
  tally.tiers.set(tierCode, tier);
}

/** What a receipt gives its buyer, and costs the chain: money off, and points at their value. Points paid with were given before. */
export function benefitOf(totals: Quote['totals'], pointValue: bigint): bigint {
  return totals.promotionDiscount + totals.earnedPoints * pointValue;
}

export interface SideReport {
  readonly receipts: number;
  readonly paid: Money;
  readonly discount: Money;
  readonly redeemedPoints: Points;
  readonly earnedPoints: Points;
  readonly cost: Money;
  /** Of every promotion that is switched on, in the order of the document. */
  readonly byPromotion: readonly {
    readonly promotion: string;
    readonly receipts: number;
    readonly discount: Money;
    readonly points: Points;
  }[];
  /** From the lowest tier up; last of all, receipts without a member or a tier. */
  readonly byTier: readonly {
    readonly tier: string | null;
    readonly receipts: number;
    readonly paid: Money;
    readonly earnedPoints: Points;
    readonly redeemedPoints: Points;
  }[];
}

export function reportOf(tally: SideTally, { document, pointValue }: CompiledProgram): SideReport {
  const tiers = document.tiers.list.toSorted((first, second) => first.rank - second.rank).map(({ code }) => code);
  const met = tally.tiers.has(null) ? [...tiers, null] : tiers;
  return {
    receipts: tally.receipts,
    paid: money(tally.paid),
    discount: money(tally.discount),
    redeemedPoints: points(tally.redeemed),
    earnedPoints: points(tally.earned),
    cost: money(tally.discount + tally.earned * pointValue),
    byPromotion: document.promotions
      .filter(({ active }) => active)
      .map(({ code }) => {
        const sum = tally.promotions.get(code);
        return {
          promotion: code,
          receipts: sum?.receipts ?? 0,
          discount: money(sum?.discount ?? 0n),
          points: points(sum?.points ?? 0n),
        };
      }),
    byTier: met.map((tier) => {
      const sum = tally.tiers.get(tier);
      return {
        tier,
        receipts: sum?.receipts ?? 0,
        paid: money(sum?.paid ?? 0n),
        earnedPoints: sum ? points(sum.earned) : noPoints,
        redeemedPoints: sum ? points(sum.redeemed) : noPoints,
      };
    }),
  };
}

/** A receipt whose buyer the draft gives more, or less. */
export interface Difference {
  readonly receiptId: string;
  readonly externalId: string;
  readonly shopId: string;
  readonly memberId: string | null;
  readonly at: Instant;
  /** Of the draft over the published version, in money. */
  readonly gain: bigint;
}

/** The few receipts with the greatest gains or losses; equal ones: those met first. */
export interface Extremes {
  readonly winners: Difference[];
  readonly losers: Difference[];
}

const extremesMax = 20;

export function noteDifference(extremes: Extremes, past: PastReceipt, gain: bigint): void {
  if (gain === 0n) return;
  const list = gain > 0n ? extremes.winners : extremes.losers;
  const size = (difference: Pick<Difference, 'gain'>) => (difference.gain < 0n ? -difference.gain : difference.gain);
  const last = list.at(-1);
  if (list.length === extremesMax && last && size({ gain }) <= size(last)) return;
  const { receiptId, externalId, shopId, memberId, at } = past;
  const place = list.findIndex((known) => size(known) < size({ gain }));
  const made = { receiptId, externalId, shopId, memberId, at, gain };
  list.splice(place === -1 ? list.length : place, 0, made);
  if (list.length > extremesMax) list.pop();
}
