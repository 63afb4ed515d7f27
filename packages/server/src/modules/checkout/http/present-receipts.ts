import type {
  catalogCalculationRoute,
  dayCheckRoute,
  receiptBatchRoute,
  receiptSummary,
} from '@kopilka/contract/checkout';
import type { z } from 'zod';
import { required } from '#kernel/assert.ts';
import type { Refusal } from '#kernel/outcome.ts';
import { type Language, refusalProblem } from '#platform/http/problems.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { CalculatedCatalog } from '../service/calculate-catalog.ts';
import type { CheckedTotals } from '../service/day-check.ts';
import { presentTotals } from '../service/quote-answer.ts';
import type { UploadAnswer, UploadItem } from '../service/upload-receipts.ts';
import { presentReturn, presentSale } from './present.ts';

type Status = Readonly<Record<string, number>>;
type BatchAnswer = z.output<typeof receiptBatchRoute.response>['answers'][number];

interface Uploaded {
  readonly index: number;
  readonly items: readonly UploadItem[];
  readonly language: Language;
  readonly requestId: string;
  /** What each code is answered with when a receipt is sent alone. */
  readonly statuses: { readonly sale: Status; readonly return: Status };
}

/** What the receipt would have been answered alone; fields of a problem point into the batch. */
export function presentUpload(answer: UploadAnswer, uploaded: Uploaded): BatchAnswer {
  if (!answer.outcome.ok) return { problem: problemOf(answer.outcome.refusal, answer.kind, uploaded) };
  if (answer.kind === 'return') return { return: presentReturn(answer.outcome.value) };
  const item = required(uploaded.items[uploaded.index], 'the receipt that was sent');
  const shopCode = item.kind === 'sale' ? item.sale.content.shopCode : '';
  return { sale: presentSale(answer.outcome.value, shopCode, uploaded.language) };
}

function problemOf(refusal: Refusal, kind: UploadAnswer['kind'], uploaded: Uploaded) {
  const { field = '' } = refusal;
  const placed = { ...refusal, field: `/receipts/${uploaded.index}/${kind}${field}` };
  return refusalProblem(placed, required(uploaded.statuses[kind][refusal.code], refusal.code), uploaded);
}

export function presentTotalsCheck(totals: CheckedTotals): z.output<typeof dayCheckRoute.response>['sales'] {
  const { count, sum, countDifference, sumDifference } = totals;
  return { count, sum, count_difference: countDifference, sum_difference: sumDifference };
}

export function presentSummary(receipt: Receipt, shopCode: string): z.output<typeof receiptSummary> {
  return {
    receipt_id: receipt.receiptId,
    member_id: receipt.hasMember ? receipt.memberId : null,
    id: receipt.externalId,
    shop: shopCode,
    state: receipt.state,
    at: receipt.at.toString(),
    totals: presentTotals(receipt.totals),
    returned_money: receipt.returnedMoney,
    flags: [...receipt.flags],
  };
}

export function presentCatalog(calculated: CalculatedCatalog): z.output<typeof catalogCalculationRoute.response> {
  return {
    program_version: calculated.programVersion,
    prices_add_up: false,
    products: calculated.products.map(({ sku, known, price, quoted }) => ({
      sku,
      known,
      price,
      discounted_price: quoted.price ?? price,
      earned_points: quoted.earnedPoints,
      redeem_limit: quoted.redeemablePoints,
      price_with_points: quoted.priceWithPoints ?? price,
    })),
  };
}
