import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideCeiling } from '#kernel/rate.ts';
import { anyInput, anyProgram } from '#test/program/quote-arbitrary.ts';
import type { QuoteInput } from './domain/cart.ts';
import { compileProgram } from './domain/compile.ts';
import { type ProgramDocumentInput, programDocument } from './domain/document.ts';
import { russia } from './domain/legal/russia.ts';
import { quote } from './domain/quote.ts';

const runs = { numRuns: Number(process.env['QUOTE_RUNS'] ?? 150) };

function compiled(document: ProgramDocumentInput) {
  return compileProgram(programDocument.parse(document), { version: 1, legalProfile: russia, zone: 'Europe/Moscow' });
}

function always(check: (document: ProgramDocumentInput, input: QuoteInput) => void): void {
  fc.assert(fc.property(anyProgram, anyInput, check), runs);
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe('of any program and any receipt', () => {
  it('R1: paid = shelf − till − discounts − points − rounding, per line and in total, never negative', () => {
    always((document, input) => {
      const { lines, totals } = quote(compiled(document), input);
      for (const line of lines) {
        const discount = sum(line.discounts.map(({ amount }) => amount));
        expect(line.paid).toBe(line.shelfSum - line.tillDiscount - discount - line.redeemedMoney - line.rounding);
        for (const amount of [line.paid, line.redeemedMoney, line.rounding, line.earnedPoints, discount])
          expect(amount >= 0n).toBe(true);
        for (const { amount } of line.discounts) expect(amount > 0n).toBe(true);
        expect(line.redeemedMoney).toBe(line.redeemedPoints * BigInt(document.point_value ?? 100));
      }
      expect(totals.paid).toBe(
        totals.shelf - totals.tillDiscount - totals.promotionDiscount - totals.redeemedMoney - totals.rounding,
      );
      expect(totals.paid).toBe(sum(lines.map(({ paid }) => paid)));
    });
  });

  it('R13: no line falls below its floor or its lowest price by our doing', () => {
    always((document, input) => {
      const { lines } = quote(compiled(document), input);
      for (const [index, line] of lines.entries()) {
        const sold = input.cart.lines[index];
        if (!sold) continue;
        const lowest = BigInt(document.redeeming?.lowest_unit_price ?? 1) * divideCeiling(sold.quantity, 1000n);
        const floor = divideCeiling((sold.product?.floorPrice ?? 0n) * sold.quantity, 1000n);
        const least = lowest > floor ? lowest : floor;
        const before = sold.shelfSum - sold.tillDiscount;
        expect(line.paid >= (before < least ? before : least)).toBe(true);
      }
    });
  });

  it('R13: tobacco and gift cards are left alone by any program', () => {
    always((document, input) => {
      const { lines } = quote(compiled(document), input);
      for (const [index, sold] of input.cart.lines.entries()) {
        if (sold.product?.legalClass !== 'tobacco' && sold.kind !== 'gift_card') continue;
        expect(lines[index]).toMatchObject({
          discounts: [],
          redeemedPoints: 0n,
          rounding: 0n,
          earnedPoints: 0n,
          paid: sold.shelfSum - sold.tillDiscount,
        });
      }
    });
  });

  it('R13: the ceiling of the receipt holds for everything taken off', () => {
    always((document, input) => {
      const { totals } = quote(compiled(document), input);
      const ceiling = document.ceilings?.receipt_money;
      if (ceiling === null || ceiling === undefined) return;
      const ours = totals.promotionDiscount + totals.redeemedMoney + totals.rounding;
      const room = BigInt(ceiling) - totals.tillDiscount;
      expect(ours <= (room > 0n ? room : 0n)).toBe(true);
    });
  });

  it('R14: redeemed is what the lots give, within the limit, what was asked and what the lots may pay for', () => {
    always((document, input) => {
      const { lines, totals, spends, redeemLimit } = quote(compiled(document), input);
      expect(sum(spends.map(({ points }) => points))).toBe(totals.redeemedPoints);
      expect(sum(lines.map((line) => line.redeemedPoints))).toBe(totals.redeemedPoints);
      expect(totals.redeemedPoints <= redeemLimit).toBe(true);
      const { redeem } = input.cart;
      const asked = redeem.kind === 'points' ? redeem.points : redeem.kind === 'none' ? 0n : redeemLimit;
      expect(totals.redeemedPoints <= asked).toBe(true);
      const lots = new Map(input.member?.lots.map((lot) => [lot.lotId, lot]));
      for (const spend of spends)
        expect(spend.points > 0n && spend.points <= (lots.get(spend.lotId)?.spendable ?? 0n)).toBe(true);
      // Points of bound lots fit on lines that such lots may pay for.
      for (const skus of [
        ['a', 'b'],
        ['b', 'c'],
      ]) {
        const bound = spends.filter(
          ({ lotId }) => JSON.stringify(lots.get(lotId)?.restriction?.products?.skus) === JSON.stringify(skus),
        );
        const open = lines.filter((_, index) => skus.includes(input.cart.lines[index]?.sku ?? ''));
        expect(sum(bound.map(({ points }) => points)) <= sum(open.map((line) => line.redeemedPoints))).toBe(true);
      }
    });
  });

  it('R15: points of lots, lines and totals are one sum', () => {
    always((document, input) => {
      const { lines, totals, earnings } = quote(compiled(document), input);
      for (const earning of earnings) {
        expect(earning.points > 0n).toBe(true);
        expect(sum(earning.linePoints)).toBe(earning.points);
        expect(earning.linePoints).toHaveLength(lines.length);
      }
      expect(sum(earnings.map(({ points }) => points))).toBe(totals.earnedPoints);
      for (const [index, line] of lines.entries()) {
        expect(sum(earnings.map(({ linePoints }) => linePoints[index] ?? 0n))).toBe(line.earnedPoints);
      }
    });
  });

  it('R25: uses carry what their promotions took off and gave', () => {
    always((document, input) => {
      const { lines, uses, totals } = quote(compiled(document), input);
      for (const use of uses) {
        const off = lines.flatMap((line) =>
          line.discounts.filter(({ promotionCode }) => promotionCode === use.promotionCode),
        );
        expect(use.discount).toBe(sum(off.map(({ amount }) => amount)));
      }
      expect(sum(uses.map(({ discount }) => discount))).toBe(totals.promotionDiscount);
      expect(sum(uses.map(({ points }) => points)) <= totals.earnedPoints).toBe(true);
    });
  });

  it('R4: the same input answers the same; R12: explanations change nothing', () => {
    always((document, input) => {
      const program = compiled(document);
      const first = quote(program, input);
      expect(quote(compiled(document), input)).toEqual(first);
      expect({ ...quote(program, input, { explain: false }), explanation: first.explanation }).toEqual(first);
    });
  });
});
