import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CheckoutRig, returnOf, saleOf, startCheckout, valueOf } from '#test/checkout-rig.ts';
import { confirmSale } from './service/confirm-sale.ts';
import { holdSale } from './service/hold-sale.ts';
import { returnGoods } from './service/return-goods.ts';

let rig: CheckoutRig;
const phone = '+79130000001';

beforeAll(async () => {
  rig = await startCheckout();
  await rig.shop('main');
  await rig.product('TEA', 1_000);
  await rig.product('CUP', 300);
  await rig.publish({
    earning: { default_rate: '10' },
    promotions: [
      {
        ...{ code: 'a-cup', name: 'A cup with tea', effects: [{ kind: 'gift_line', sku: 'CUP' }] },
        conditions: [{ kind: 'receipt_sum', from: 50_000 }],
      },
    ],
  });
  await rig.member(phone);
});
afterAll(() => rig.end());

const tea = (id: string) => saleOf(rig.clock, { id, phone, sums: [1_000], skus: ['TEA'] });
const cup = { lineId: 'gift:a-cup', sku: 'CUP', shelfSum: 30_000n, paid: 1n, earnedPoints: 0n, gift: true };

it('R16: a gift that is not in the receipt is added from the catalog, at the lowest price, and earns nothing', async () => {
  const { receipt, lines } = valueOf(await confirmSale(rig.deps, tea('g1')));
  expect(lines).toMatchObject([{ lineId: '1', paid: 100_000n, earnedPoints: 100n, gift: false }, cup]);
  expect(receipt.totals).toMatchObject({ paid: 100_001n, earnedPoints: 100n });
  const stored = await rig.db.pool.query('select sku, gift from checkout.receipt_line where receipt_id = $1 and gift', [
    receipt.receiptId,
  ]);
  expect(stored.rows).toEqual([{ sku: 'CUP', gift: true }]);
});

it('R18: a hold fixes the gift; the whole return brings it back', async () => {
  const held = valueOf(await holdSale(rig.deps, { ...tea('g2'), order: false }));
  expect(held.lines).toMatchObject([{ lineId: '1' }, cup]);
  const confirmed = valueOf(
    await confirmSale(rig.deps, { ...tea('g2'), content: { ...tea('g2').content, lines: null } }),
  );
  expect(confirmed.lines).toMatchObject([{ lineId: '1' }, cup]);
  const { returned } = valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: 'r2', sale: 'g2' })));
  expect(returned).toMatchObject({ moneyReturned: 100_001n, result: { complete: true } });
});
