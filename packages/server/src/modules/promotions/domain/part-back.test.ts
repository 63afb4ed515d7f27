import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { points } from '#kernel/points.ts';
import { sharePartBack } from './part-back.ts';
import type { TakenUse } from './use.ts';

const use = (useId: string, discount: number, returned: number): TakenUse => ({
  memberId: 'm',
  receiptId: 'r',
  useId,
  promotionCode: 'spring',
  codeKey: null,
  windowId: null,
  discount: money(discount),
  points: points(10),
  discountReturned: money(returned),
  pointsReturned: points(0),
  perMember: false,
  inTotal: true,
  day: Temporal.PlainDate.from('2026-03-01'),
  takenAt: Temporal.Instant.from('2026-03-01T00:00:00Z'),
});

it.each([
  // back, of each use
  [50, [50]],
  [100, [60, 40]],
  [500, [60, 200]],
] as const)('R22: %i of discount back is laid on the uses that took it: %j', (back, shares) => {
  const uses = [use('a', 100, 40), use('b', 200, 0)];
  const parts = [{ promotionCode: 'spring', discount: money(back), points: points(0) }];
  expect(sharePartBack(uses, parts).map((share) => share.discount)).toEqual(shares.map(BigInt));
});
