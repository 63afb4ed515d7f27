import { noPoints, type Points, points } from '#kernel/points.ts';
import { isAtOrBefore } from '#kernel/time.ts';
import { type CartLine, type CompiledProgram, type Earning, earningTerms, type Quote } from '#modules/program/index.ts';
import { codeKey, giveBackLimits } from '#modules/promotions/index.ts';
import type { Tx } from '#platform/db.ts';
import { withOwnBudgets, withOwnCodes, withoutOwnUses } from '../domain/own-uses.ts';
import type { KeptEarning, Receipt, ReceiptLine } from '../domain/receipt.ts';
import { receiptLines } from '../domain/sale-lines.ts';
import type { Closing } from './closing.ts';
import { quoteSale, readCodes } from './quote-sale.ts';
import { budgetsOf } from './within-limits.ts';

/** What a held sale comes to when it is confirmed: as it was held, or with what was really sold (R24). */
export interface Final {
  readonly lines: readonly ReceiptLine[];
  readonly totals: Quote['totals'];
  readonly earnings: readonly Earning[];
  readonly nextCodes: Quote['nextCodes'];
  readonly uses: Quote['uses'];
  readonly explanation: Receipt['outcome']['explanation'];
  readonly flags: readonly string[];
  /** Quoted again: its uses are to be taken anew. */
  readonly requoted: boolean;
}

export function finalOf(tx: Tx, closing: Closing): Promise<Final> {
  const { lines } = closing.prepared.read;
  return lines === null || isWhatWasHeld(lines, closing.before.lines)
    ? Promise.resolve(asHeld(closing))
    : asSold(tx, closing, lines);
}

/** A POS that sends the held cart again changes nothing: the hold fixed its figures (R18). */
function isWhatWasHeld(sold: readonly CartLine[], held: readonly ReceiptLine[]): boolean {
  const cart = held.filter((line) => !line.gift);
  return (
    sold.length === cart.length &&
    sold.every((line) => {
      const before = cart.find((known) => known.lineId === line.lineId);
      return (
        before !== undefined &&
        before.sku === line.sku &&
        before.kind === line.kind &&
        before.quantity === line.quantity &&
        before.shelfSum === line.shelfSum &&
        before.tillDiscount === line.tillDiscount
      );
    })
  );
}

function asHeld({ before, program, prepared, settled }: Closing): Final {
  const { receipt, lines } = before;
  return {
    lines,
    totals: receipt.totals,
    earnings: receipt.outcome.earnings.map((earning) =>
      withTerms(earning, { program, at: prepared.read.at, zone: settled?.state.zone ?? prepared.read.shop.zone }),
    ),
    nextCodes: receipt.outcome.promised,
    uses: receipt.outcome.uses,
    explanation: receipt.outcome.explanation,
    flags: receipt.flags,
    requoted: false,
  };
}

/**
 * Other weights or sums (R24): quoted again as of the moment it was held, under its version, with its own slots and codes. Redemption shrinks to the
 * limit and no further: what the lots no longer cover was taken from the price all the same (R19).
 */
async function asSold(tx: Tx, closing: Closing, lines: readonly CartLine[]): Promise<Final> {
  const { before, program, prepared, settled, command } = closing;
  const { receipt } = before;
  const zone = settled?.state.zone ?? prepared.read.shop.zone;
  if (receipt.state === 'held') await giveBackOwn(tx, closing);
  const { uses } = receipt.outcome;
  const own = { uses, takenAt: receipt.receivedAt, shopZone: prepared.read.shop.zone };
  const read = {
    ...prepared.read,
    at: receipt.at,
    content: { ...prepared.read.content, promoCodes: receipt.outcome.wish.promoCodes },
  };
  const state = settled && withoutOwnUses(settled.state, own, receipt.at);
  const codes = await readCodes(tx, read, {
    memberId: settled?.state.memberId ?? null,
    integration: command.caller.integration,
    now: command.now,
  });
  const budgets = await budgetsOf(tx, program, 'locked');
  const context = {
    program,
    now: command.now,
    codes: withOwnCodes(codes, own, codeKey),
    // An open hold has just given its slots back; one that ended gave them to others, and the sale stands all the same.
    budgets: receipt.state === 'held' ? budgets : withOwnBudgets(budgets, own),
    exhausted: new Set<string>(),
    ownHoldId: receipt.receiptId,
  };
  const limit = quoteSale(read, state, { ...context, redeem: { kind: 'none' } }).redeemLimit;
  const redeemed = shrunk(receipt.totals.redeemedPoints, limit, program);
  const quote = quoteSale(read, state, {
    ...context,
    redeem: redeemed === noPoints ? { kind: 'none' } : { kind: 'printed', points: redeemed },
  });
  return {
    ...quote,
    earnings: quote.earnings.map((earning) =>
      withTerms({ ...earning, lotId: '' }, { program, at: prepared.read.at, zone }),
    ),
    lines: receiptLines(quote, lines),
    flags: [...quote.flags, 'differs_from_hold'],
    requoted: true,
  };
}

function giveBackOwn(tx: Tx, { before, settled, command }: Closing): Promise<void> {
  const { memberId, receiptId } = before.receipt;
  return giveBackLimits(tx, {
    memberId,
    receiptId,
    at: command.now,
    countedBy: settled?.state.memberId ?? memberId,
  });
}

function shrunk(held: Points, limit: Points, program: CompiledProgram): Points {
  return held <= limit ? held : points(limit - (limit % BigInt(program.document.redeeming.step)));
}

/** A hold fixes how many points; when they start and burn counts from the sale, like any other's. */
export function withTerms(
  earning: KeptEarning,
  terms: { program: CompiledProgram; at: Receipt['at']; zone: string },
): Earning {
  const { rule, points: count, linePoints, wholeReceipt } = earning;
  const dates = earningTerms(terms.program, rule, terms);
  // A fixed end that passed while the sale was held: what was promised is given, and is over a moment later.
  const isOver = dates.burnsAt !== null && isAtOrBefore(dates.burnsAt, dates.startsAt);
  return {
    rule,
    points: count,
    linePoints,
    wholeReceipt,
    ...dates,
    burnsAt: isOver ? dates.startsAt.add({ seconds: 1 }) : dates.burnsAt,
  };
}
