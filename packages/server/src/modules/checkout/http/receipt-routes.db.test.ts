import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Json, openHouse } from '#test/house.ts';

let house: House;
let memberId: string;
const member = { phone: '+79161110000' };
const line = (sum: number) => ({ quantity: 1000, sum });

beforeAll(async () => {
  house = await openHouse();
  await house.shop('main');
  await house.product('cup', 10_000);
  await house.publish({ earning: { default_rate: '10' }, redeeming: { rate: '50' } });
  memberId = await house.member(member.phone);
});
afterAll(() => house.close());

describe('receipts after the till, over HTTP', () => {
  it('R21: a batch answers each in order; a problem points into the batch and has the status it would have alone', async () => {
    const receipts = [
      { sale: { id: 'b1', shop: 'main', member, lines: [line(50_000)], at: '2026-03-02T11:00:00+03:00' } },
      { sale: { id: 'b2', shop: 'nowhere', lines: [line(100)] } },
      { return: { id: 'b3', shop: 'main', receipt: { id: 'b1' }, sum: 20_000 } },
      { return: { id: 'b4', shop: 'main', receipt: { id: 'none' } } },
    ];
    const { answers } = await house.ok('POST', '/v1/checkout/receipts/batch', { receipts });
    expect(answers).toMatchObject([
      { sale: { id: 'b1', state: 'confirmed', flags: ['late'], totals: { earned_points: 50 } } },
      { problem: { code: 'shop_unknown', status: 404, field: '/receipts/1/sale/shop' } },
      { return: { id: 'b3', points_taken_back: 20 } },
      { problem: { code: 'receipt_unknown', status: 404, field: '/receipts/3/return/receipt' } },
    ]);
    const alone = await house.ok('POST', '/v1/checkout/confirm', receipts[0]?.sale);
    expect(alone).toEqual(answers[0].sale);
  });

  it.each([
    ['no receipt', { receipts: [] }, '/receipts'],
    ['neither a sale nor a return', { receipts: [{}] }, '/receipts/0'],
    [
      '501 receipts',
      {
        receipts: Array.from({ length: 501 }, (_, id) => ({
          return: { id: `${id}`, shop: 'main', receipt: { id: 'x' } },
        })),
      },
      '/receipts',
    ],
  ])('a batch of %s is a bad request', async (_what, body, field) => {
    const answer = await house.call('POST', '/v1/checkout/receipts/batch', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    expect(answer.body['field']).toMatch(new RegExp(`^${field}`));
  });

  it('R23: a claim names its receipt in exactly one way', async () => {
    await house.ok('POST', '/v1/checkout/confirm', { id: 'c1', shop: 'main', lines: [line(30_000)] });
    const fiscal = { drive: '9960440300000001', document: '77', sign: '12345' };
    await house.ok('POST', '/v1/checkout/fiscal', { shop: 'main', id: 'c1', fiscal: [fiscal] });
    const receipt = { shop: 'main', id: 'c1' };
    for (const words of [{}, { receipt, fiscal }]) {
      const answer = await house.call('POST', '/v1/checkout/claim', { member, ...words });
      expect(answer).toMatchObject({ status: 400, body: { code: 'reference_required' } });
    }
    const claimed = await house.ok('POST', '/v1/checkout/claim', { member, fiscal });
    expect(claimed).toMatchObject({
      id: 'c1',
      shop: 'main',
      member: { member_id: memberId },
      totals: { earned_points: 30 },
    });
    expect(await house.ok('POST', '/v1/checkout/claim', { member, receipt })).toEqual(claimed);
    expect(await house.ok('GET', '/v1/receipts/main/c1')).toMatchObject({ member: { member_id: memberId } });
  });

  it("R3: a shop's day", async () => {
    await house.shop('quiet');
    await house.ok('POST', '/v1/checkout/confirm', { id: 'd1', shop: 'quiet', lines: [line(10_000)] });
    const day = { shop: 'quiet', date: '2026-03-02', returns: { count: 0, sum: 0 } };
    const right = await house.ok('POST', '/v1/checkout/day-check', { ...day, sales: { count: 1, sum: 10_000 } });
    expect(right).toMatchObject({ matches: true, sales: { count_difference: 0, sum_difference: 0 } });
    const wrong = await house.ok('POST', '/v1/checkout/day-check', { ...day, sales: { count: 2, sum: 15_000 } });
    expect(wrong).toMatchObject({ matches: false, sales: { count: 1, count_difference: -1, sum_difference: -5_000 } });
  });

  it('R21: receipts that wait are listed to admins and decided by them', async () => {
    const sale = { id: 'w1', shop: 'main', member, lines: [line(10_000)], at: '2026-01-10T12:00:00+03:00' };
    expect(await house.ok('POST', '/v1/checkout/confirm', sale)).toMatchObject({ state: 'review' });
    const till = await house.key({ scopes: ['checkout'] });
    expect((await house.call('GET', '/v1/checkout/review', undefined, { key: till })).status).toBe(403);
    const office = await house.key({ scopes: ['admin'], integration: 'office' });
    const listed = await house.ok('GET', '/v1/checkout/review?limit=1', undefined, { key: office });
    expect(listed).toMatchObject({
      items: [{ id: 'w1', integration: 'pos', shop: 'main', state: 'review' }],
      next_cursor: null,
    });
    const decision = { integration: 'pos', shop: 'main', id: 'w1', decision: 'accept' };
    const accepted = await house.ok('POST', '/v1/checkout/review', decision, { key: office });
    expect(accepted).toMatchObject({ state: 'confirmed', totals: { earned_points: 10 } });
    const again = await house.call('POST', '/v1/checkout/review', decision, { key: office });
    expect(again).toMatchObject({ status: 409, body: { code: 'not_waiting' } });
  });

  it("R32: a member's receipts in pages", async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Json = await house.ok(
        'GET',
        `/v1/members/${memberId}/receipts?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      ids.push(...page['items'].map(({ id }: Json) => id as string));
      cursor = page['next_cursor'] as string | null;
    } while (cursor !== null);
    expect(ids).toEqual(['c1', 'b1', 'w1']);
    const wrong = await house.call('GET', `/v1/members/${memberId}/receipts?cursor=abc`);
    expect(wrong).toMatchObject({ status: 400, body: { field: 'query/cursor' } });
    const nobody = await house.call('GET', '/v1/members/018f0000-0000-7000-8000-00000000dead/receipts');
    expect(nobody).toMatchObject({ status: 404, body: { code: 'member_unknown' } });
  });

  it('R17: the catalog calculation', async () => {
    const products = [{ sku: 'cup' }, { sku: 'other', price: 5_000 }];
    const answer = await house.ok('POST', '/v1/catalog/calculate', { shop: 'main', member, products });
    expect(answer).toEqual({
      program_version: 1,
      prices_add_up: false,
      products: [
        {
          ...{ sku: 'cup', known: true, price: 10_000, discounted_price: 10_000, earned_points: 10 },
          ...{ redeem_limit: 50, price_with_points: 5_000 },
        },
        {
          ...{ sku: 'other', known: false, price: 5_000, discounted_price: 5_000, earned_points: 5 },
          ...{ redeem_limit: 25, price_with_points: 2_500 },
        },
      ],
    });
    const refused = await house.call('POST', '/v1/catalog/calculate', { shop: 'main', products: [{ sku: 'other' }] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'price_required', field: '/products/0/price' } });
  });
});
