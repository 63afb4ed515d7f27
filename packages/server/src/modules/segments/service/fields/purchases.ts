import { z } from 'zod';
import { type AnyMemberField, memberField } from '#platform/member-fields.ts';
import { daysSince, type MemberFacts } from './facts.ts';
import { daysSinceSql, isWithin, rangeArgs, within } from './range.ts';

const purchasesCount = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'purchases_count',
  args: rangeArgs(),
  sentence: { ru: 'покупок от {at_least} до {at_most}', en: 'from {at_least} to {at_most} purchases' },
  inQuote: true,
  holds: (range, { standing }) => isWithin(range, BigInt(standing.receiptsCount)),
  sql: (range, _moment, bind) => within(range, 's.receipts_count', bind),
});

const paidTotal = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'paid_total',
  args: rangeArgs(),
  sentence: { ru: 'потратил за всё время от {at_least} до {at_most}', en: 'paid from {at_least} to {at_most} in all' },
  inQuote: true,
  holds: (range, { standing }) => isWithin(range, standing.paidTotal),
  sql: (range, _moment, bind) => within(range, 's.paid_total', bind),
});

const averageReceipt = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'average_receipt',
  args: rangeArgs(),
  sentence: { ru: 'средний чек от {at_least} до {at_most}', en: 'an average receipt from {at_least} to {at_most}' },
  inQuote: true,
  // Whole kopecks, the rest dropped, on both sides.
  holds: (range, { standing }) =>
    isWithin(range, standing.receiptsCount > 0 ? standing.paidTotal / BigInt(standing.receiptsCount) : null),
  sql: (range, _moment, bind) => within(range, '(s.paid_total / nullif(s.receipts_count, 0))', bind),
});

const daysSinceLastPurchase = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'days_since_last_purchase',
  args: rangeArgs(),
  sentence: {
    ru: 'последняя покупка от {at_least} до {at_most} дней назад',
    en: 'last bought {at_least} to {at_most} days ago',
  },
  inQuote: true,
  holds: (range, facts, moment) => {
    const { lastPurchaseAt } = facts.standing;
    return isWithin(range, lastPurchaseAt && daysSince(lastPurchaseAt, facts, moment));
  },
  sql: (range, moment, bind) => within(range, daysSinceSql('s.last_purchase_at', moment, bind), bind),
});

const daysSinceFirstPurchase = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'days_since_first_purchase',
  args: rangeArgs(),
  sentence: {
    ru: 'первая покупка от {at_least} до {at_most} дней назад',
    en: 'first bought {at_least} to {at_most} days ago',
  },
  inQuote: true,
  holds: (range, facts, moment) => {
    const { firstPurchaseAt } = facts.standing;
    return isWithin(range, firstPurchaseAt && daysSince(firstPurchaseAt, facts, moment));
  },
  sql: (range, moment, bind) => within(range, daysSinceSql('s.first_purchase_at', moment, bind), bind),
});

const shopIds = z.strictObject({ shop_ids: z.array(z.uuid()).min(1).max(2_000) });

const lastShop = memberField<MemberFacts, z.output<typeof shopIds>>({
  code: 'last_shop',
  args: shopIds,
  sentence: { ru: 'последняя покупка в магазине из списка {shop_ids}', en: 'last bought in one of {shop_ids}' },
  inQuote: true,
  holds: ({ shop_ids: ids }, { standing }) => standing.lastShopId !== null && ids.includes(standing.lastShopId),
  sql: ({ shop_ids: ids }, _moment, bind) =>
    `s.last_shop_id is not null and s.last_shop_id = any(${bind(ids, 'text[]')})`,
});

export const purchaseFields: readonly AnyMemberField<MemberFacts>[] = [
  purchasesCount,
  paidTotal,
  averageReceipt,
  daysSinceLastPurchase,
  daysSinceFirstPurchase,
  lastShop,
];
