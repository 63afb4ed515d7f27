// Many calls at the same instant, over HTTP: exactly what fits succeeds, whoever comes first.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type House, type Json, openHouse } from '../house.ts';
import { item, type Till, tillOf } from './till.ts';

const atOnce = 64;

describe('at the same instant', () => {
  let house: House;
  let till: Till;
  let anna: string;

  beforeAll(async () => {
    house = await openHouse({ poolSize: 16 });
    await house.shop('main');
    await house.product('SOAP', 10_000);
    await house.publish({
      tiers: { list: [{ code: 'base', name: { ru: 'Все', en: 'All' }, rank: 0, earn_rate: '0', redeem_rate: '100' }] },
      promotions: [
        { code: 'gift', name: 'Gift', needs_code: true, effects: [{ kind: 'percent_off', percent: '10' }] },
        {
          code: 'ten',
          name: 'Ten',
          limits: { total_uses: 10 },
          conditions: [{ kind: 'receipt_sum', from: 5_000_00 }],
          effects: [{ kind: 'percent_off', percent: '20' }],
        },
      ],
    });
    await house.ok('POST', '/v1/promo-codes', { code: 'ДЕСЯТЬ', promotion: 'gift', uses_max: 10 });
    till = tillOf(house);
  });
  afterAll(async () => {
    const problems = await house.auditProblems();
    await house.close();
    if (problems.length > 0) throw new Error(`the audit found ${JSON.stringify(problems)}`);
  });
  beforeEach(async () => {
    anna = await till.member();
  });

  const many = <Value>(count: number, make: (index: number) => Promise<Value>) =>
    Promise.all(Array.from({ length: count }, (_, index) => make(index)));
  const post = (path: string, body: Json) => house.call('POST', path, body);
  const sale = (id: string, more: Json = {}): Json => ({
    id,
    shop: 'main',
    member: { member_id: anna },
    lines: [item('SOAP', 100)],
    ...more,
  });
  const confirm = (id: string, more: Json = {}) => post('/v1/checkout/confirm', sale(id, more));

  it('R10: 64 redemptions of one balance: what fits is spent, nothing twice', async () => {
    await till.grant(anna, 500);
    const answers = await many(atOnce, () => confirm(till.newId(), { redeem: 30 }));
    expect(statuses(answers)).toEqual({ 200: 16, not_enough_points: 48 });
    expect(await till.figures(anna)).toEqual({ available: 20, pending: 0, reserved: 0, debt: 0 });
  });

  it('R10: 64 redemptions of as much as there is: the points are spent once', async () => {
    await till.grant(anna, 500);
    const answers = await many(atOnce, () => confirm(till.newId(), { redeem: 'max' }));
    expect(statuses(answers)).toEqual({ 200: atOnce });
    expect(sumOf(answers, 'redeemed_points')).toBe(500);
    expect(await till.figures(anna)).toMatchObject({ available: 0, debt: 0 });
  });

  it('R18: 64 holds of one balance: what fits is set aside', async () => {
    await till.grant(anna, 500);
    const answers = await many(atOnce, () => post('/v1/checkout/hold', sale(till.newId(), { redeem: 30 })));
    expect(statuses(answers)).toEqual({ 200: 16, not_enough_points: 48 });
    expect(await till.figures(anna)).toMatchObject({ available: 20, reserved: 480 });
  });

  it('R26: 64 uses of a code limited to 10, by 64 members: ten of them', async () => {
    const members = await many(atOnce, () => till.member());
    const answers = await Promise.all(
      members.map((member) => confirm(till.newId(), { member: { member_id: member }, promo_codes: ['десять'] })),
    );
    expect(statuses(answers)).toEqual({ 200: atOnce });
    expect(answers.filter(({ body }) => body['totals'].promotion_discount === 1_000)).toHaveLength(10);
    expect(await house.ok('GET', '/v1/promo-codes/десять')).toMatchObject({ uses: 10, state: 'used_up' });
  });

  it('R25: 64 sales of a promotion limited to 10 uses: ten have it', async () => {
    const lines = [item('SOAP', 5_000)];
    const answers = await many(atOnce, () => confirm(till.newId(), { member: null, lines }));
    expect(statuses(answers)).toEqual({ 200: atOnce });
    expect(answers.filter(({ body }) => body['totals'].promotion_discount > 0)).toHaveLength(10);
  });

  it('R20: 64 confirms of one id: one sale, one answer', async () => {
    await till.grant(anna, 50);
    const id = till.newId();
    const answers = await many(atOnce, () => confirm(id, { redeem: 'max' }));
    expect(statuses(answers)).toEqual({ 200: atOnce });
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await till.figures(anna)).toMatchObject({ available: 0 });
  });

  it('R20: 64 different sales under one id: one of them is the sale, the others are told', async () => {
    const id = till.newId();
    const answers = await many(atOnce, (index) => confirm(id, { lines: [item('SOAP', 100 + index)] }));
    expect(statuses(answers)).toEqual({ 200: 1, other_content: atOnce - 1 });
  });

  it.each(range(8))(
    'R18: hold, cancel and confirm of one id race (%i): confirmed or cancelled, never both',
    async () => {
      await till.grant(anna, 100);
      const id = till.newId();
      await post('/v1/checkout/hold', sale(id, { redeem: 40 }));
      const [cancelled, confirmed] = await Promise.all([
        post('/v1/checkout/cancel', { id, shop: 'main' }),
        post('/v1/checkout/confirm', { id, shop: 'main' }),
        post('/v1/checkout/hold', sale(id, { redeem: 40 })),
      ]);
      const outcome = [cancelled, confirmed].map(({ status, body }) => (status === 200 ? body['state'] : body['code']));
      const { available, reserved } = await till.figures(anna);
      expect([
        { outcome: ['cancelled', 'already_cancelled'], available: 100, reserved: 0 },
        { outcome: ['already_confirmed', 'confirmed'], available: 60, reserved: 0 },
      ]).toContainEqual({ outcome, available, reserved });
    },
  );

  it('R22: two returns of the same line at once: it comes back once', async () => {
    await till.grant(anna, 40);
    const sold = await till.sell(anna, [item('SOAP', 100)], { redeem: 'max' });
    const back = { shop: 'main', receipt: { id: sold['id'] }, lines: [{ line_id: '1', quantity: 1000 }] };
    const answers = await many(8, () => post('/v1/checkout/return', { ...back, id: till.newId() }));
    expect(statuses(answers)).toEqual({ 200: 1, nothing_left_to_return: 7 });
    expect(await till.figures(anna)).toMatchObject({ available: 40 });
  });

  it('R22: eight returns of a half each at once: two of them', async () => {
    await till.grant(anna, 40);
    const sold = await till.sell(anna, [item('SOAP', 100, 2)], { redeem: 'max' });
    const back = { shop: 'main', receipt: { id: sold['id'] }, lines: [{ line_id: '1', quantity: 1000 }] };
    const answers = await many(8, () => post('/v1/checkout/return', { ...back, id: till.newId() }));
    expect(statuses(answers)).toEqual({ 200: 2, nothing_left_to_return: 6 });
    expect(await till.figures(anna)).toMatchObject({ available: 40 });
  });

  it('R32: members are merged while both buy: no sale and no point is lost', async () => {
    const boris = await till.member();
    await till.grant(anna, 300);
    await till.grant(boris, 300);
    const buying = many(32, (index) =>
      confirm(till.newId(), { member: { member_id: index % 2 === 0 ? anna : boris }, redeem: 10 }),
    );
    const merging = post(`/v1/members/${anna}/merge`, { absorbed_id: boris });
    const [answers, merged] = await Promise.all([buying, merging]);
    expect(merged.status).toBe(201);
    expect(statuses(answers)).toEqual({ 200: 32 });
    expect(await till.figures(anna)).toEqual({ available: 280, pending: 0, reserved: 0, debt: 0 });
    expect(await till.figures(boris)).toEqual(await till.figures(anna));
  });

  it('R32: a merge and its opposite at once: one of them', async () => {
    const boris = await till.member();
    const answers = await Promise.all([
      post(`/v1/members/${anna}/merge`, { absorbed_id: boris }),
      post(`/v1/members/${boris}/merge`, { absorbed_id: anna }),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  it('R31: 16 registrations of one phone at once: one member', async () => {
    const phone = till.phone();
    const answers = await many(16, () => post('/v1/members', { identities: [{ kind: 'phone', value: phone }] }));
    expect(statuses(answers)).toEqual({ 201: 1, identity_taken: 15 });
  });

  it('exchanges of one receipt at once: one of them, the others leave nothing', async () => {
    const sold = await till.sell(anna, [item('SOAP', 100)]);
    const answers = await many(8, () =>
      post('/v1/checkout/exchange', {
        return: { id: till.newId(), shop: 'main', receipt: { id: sold['id'] } },
        sale: sale(till.newId(), { lines: [item('SOAP', 150)] }),
      }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, nothing_left_to_return: 7 });
    const { items } = await house.ok('GET', `/v1/members/${anna}/receipts`);
    expect(items).toHaveLength(2);
  });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** How many of each: the status of a success, the code of a refusal. */
function statuses(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const what = status < 300 ? String(status) : String(body['code']);
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

function sumOf(answers: readonly Answer[], figure: string): number {
  return answers.reduce((sum, { body }) => sum + body['totals'][figure], 0);
}
