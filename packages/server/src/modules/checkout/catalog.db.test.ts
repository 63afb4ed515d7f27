import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckoutRig, saleOf, startCheckout, valueOf } from '#test/checkout-rig.ts';
import { testCaller } from '#test/members.ts';
import { type CatalogCommand, calculateCatalog } from './service/calculate-catalog.ts';
import { confirmSale } from './service/confirm-sale.ts';

let rig: CheckoutRig;
const phone = '+79151112233';

beforeAll(async () => {
  rig = await startCheckout();
  await rig.shop('main');
  await rig.product('cup', 100);
  await rig.product('tea', 200);
});
afterAll(() => rig.end());

function calculate(words: Partial<CatalogCommand> = {}) {
  const products = [
    { sku: 'cup', price: null },
    { sku: 'tea', price: null },
  ];
  const who = { member: null, caller: testCaller, now: rig.clock.now() };
  return calculateCatalog(rig.deps, { shopCode: 'main', products, ...who, ...words });
}
const forMember = { member: { kind: 'phone', value: phone } };
async function pricesOf(words: Partial<CatalogCommand> = {}) {
  return valueOf(await calculate(words)).products.map(({ sku, known, price, quoted }) => [
    ...[sku, known, price, quoted.price, quoted.earnedPoints],
    ...[quoted.redeemablePoints, quoted.priceWithPoints],
  ]);
}

describe('R17: the catalog calculation', () => {
  it('needs a program, a shop, a member who exists, and a price', async () => {
    expect(await calculate()).toMatchObject({ refusal: { code: 'program_not_published' } });
    await rig.publish({
      earning: { default_rate: '10' },
      redeeming: { rate: '50' },
      promotions: [
        {
          code: 'tea',
          name: 't',
          conditions: [{ kind: 'line_match', products: { skus: ['tea'] } }],
          effects: [{ kind: 'percent_off', percent: '10' }],
        },
        {
          code: 'big',
          name: 'b',
          conditions: [{ kind: 'receipt_sum', from: 1 }],
          effects: [{ kind: 'percent_off', percent: '50' }],
        },
      ],
    });
    expect(await calculate({ shopCode: 'nowhere' })).toMatchObject({ refusal: { code: 'shop_unknown' } });
    expect(await calculate(forMember)).toMatchObject({ refusal: { code: 'member_unknown' } });
    expect(await calculate({ member: { kind: 'phone', value: '12' } })).toMatchObject({
      refusal: { code: 'identity_invalid' },
    });
    const products = [
      { sku: 'cup', price: null },
      { sku: 'new', price: null },
    ];
    expect(await calculate({ products })).toMatchObject({
      refusal: { code: 'price_required', field: '/products/1/price' },
    });
  });

  it('each product alone, receipt-wide conditions off; a site’s own price wins; an unknown product with a price is any goods', async () => {
    expect(await pricesOf()).toEqual([
      ['cup', true, 10_000n, 10_000n, 0n, 0n, 10_000n],
      ['tea', true, 20_000n, 18_000n, 0n, 0n, 18_000n],
    ]);
    await rig.member(phone);
    const products = [
      { sku: 'tea', price: 10_000n },
      { sku: 'new', price: 5_000n },
    ];
    expect(await pricesOf({ ...forMember, products })).toEqual([
      ['tea', true, 10_000n, 9_000n, 9n, 0n, 9_000n],
      ['new', false, 5_000n, 5_000n, 5n, 0n, 5_000n],
    ]);
    expect((await pricesOf({ ...forMember, products: [{ sku: 'tea', price: 30_000n }] }))[0]?.[3]).toBe(27_000n);
  });

  it('the price with points follows the balance at once: each product could take all of it', async () => {
    valueOf(await confirmSale(rig.deps, saleOf(rig.clock, { id: 'k1', phone, sums: [1400] })));
    // 1,400 less half is 700: 70 points.
    expect(await pricesOf(forMember)).toEqual([
      ['cup', true, 10_000n, 10_000n, 10n, 50n, 5_000n],
      ['tea', true, 20_000n, 18_000n, 18n, 70n, 11_000n],
    ]);
    valueOf(await confirmSale(rig.deps, saleOf(rig.clock, { id: 'k2', phone, sums: [100], redeem: 20 })));
    expect((await pricesOf(forMember)).map((row) => row[5])).toEqual([50n, 53n]);
  });

  it('a published change, another price in the catalog and a new tier show in the next call', async () => {
    await rig.product('cup', 300);
    expect((await pricesOf(forMember))[0]?.slice(2, 5)).toEqual([30_000n, 30_000n, 30n]);
    await rig.publish({ earning: { default_rate: '20' }, redeeming: { rate: '50' } });
    expect((await pricesOf(forMember))[0]?.slice(2, 5)).toEqual([30_000n, 30_000n, 60n]);
  });
});
