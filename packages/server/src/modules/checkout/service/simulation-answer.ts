import type { simulationAnswer } from '@kopilka/contract/checkout';
import type { z } from 'zod';
import type { SideReport } from '../domain/simulation-tally.ts';
import type { DifferenceInShop, SimulationReport } from './simulate.ts';

export type SimulationAnswer = z.output<typeof simulationAnswer>;

/** A report as it leaves, over HTTP and on the command line alike. */
export function presentSimulation(report: SimulationReport): SimulationAnswer {
  return {
    receipts: report.receipts,
    complete: report.complete,
    published: presentSide(report.published),
    draft: presentSide(report.draft),
    winners: report.winners.map(presentDifference),
    losers: report.losers.map(presentDifference),
  };
}

function presentSide(side: SideReport): SimulationAnswer['draft'] {
  return {
    receipts: side.receipts,
    paid: side.paid,
    discount: side.discount,
    redeemed_points: side.redeemedPoints,
    earned_points: side.earnedPoints,
    cost: side.cost,
    by_promotion: side.byPromotion.map((row) => ({ ...row })),
    by_tier: side.byTier.map(({ tier, receipts, paid, earnedPoints, redeemedPoints }) => ({
      ...{ tier, receipts, paid },
      earned_points: earnedPoints,
      redeemed_points: redeemedPoints,
    })),
  };
}

function presentDifference(difference: DifferenceInShop): SimulationAnswer['winners'][number] {
  return {
    receipt_id: difference.receiptId,
    id: difference.externalId,
    shop: difference.shopCode,
    member_id: difference.memberId,
    at: difference.at.toString(),
    gain: difference.gain,
  };
}
