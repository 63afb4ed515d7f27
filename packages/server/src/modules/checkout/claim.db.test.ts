import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CheckoutRig, fiscalOf, returnOf, rigStart, saleOf, startCheckout, valueOf } from '#test/checkout-rig.ts';
import { testCaller } from '#test/members.ts';
import { type ClaimedBy, claimReceipt } from './service/claim-receipt.ts';
import { confirmSale } from './service/confirm-sale.ts';
import { findReceipt } from './service/find-receipt.ts';
import { returnGoods } from './service/return-goods.ts';

let rig: CheckoutRig;
let serial = 0;

beforeAll(async () => {
  rig = await startCheckout();
  await rig.shop('main');
  await rig.publish({
    earning: { default_rate: '10' },
    promotions: [
      { code: 'counted', name: 'c', effects: [{ kind: 'earn_fixed', points: 500 }], limits: { per_member: 5 } },
      { code: 'free', name: 'f', effects: [{ kind: 'earn_multiply', times: '2' }] },
      { code: 'off', name: 'o', effects: [{ kind: 'percent_off', percent: '10' }], limits: { total_uses: 100 } },
    ],
  });
});
afterAll(() => rig.end());
beforeEach(() => {
  rig.clock.set(rigStart);
  serial += 1;
});

const phoneOf = (number: number) => `+7912${String(number).padStart(7, '0')}`;
async function someone(): Promise<{ phone: string; memberId: string }> {
  serial += 1;
  const phone = phoneOf(serial);
  return { phone, memberId: await rig.member(phone) };
}
const byId = (id: string): ClaimedBy => ({ kind: 'id', shopCode: 'main', id });
function claim(phone: string, by: ClaimedBy) {
  const member = { kind: 'phone', value: phone };
  return claimReceipt(rig.deps, { member, by, caller: testCaller, now: rig.clock.now() });
}
async function sell(id: string, sum: number, document?: string) {
  const fiscal = document === undefined ? [] : [fiscalOf(document)];
  return valueOf(await confirmSale(rig.deps, saleOf(rig.clock, { id, sums: [sum], fiscal })));
}
async function used(promotion: string): Promise<bigint> {
  const rows = await rig.db.pool.query(
    'select uses as uses_taken from promotions.limit_counter where promotion_code = $1',
    [promotion],
  );
  return (rows.rows[0] as { uses_taken: bigint }).uses_taken;
}

describe('R23: claiming a receipt without a member', () => {
  it('earns by its own time and version, takes no counted promotion, and leaves what was paid', async () => {
    const { phone, memberId } = await someone();
    const sold = await sell('c1', 1000);
    expect(sold.receipt.totals).toMatchObject({ promotionDiscount: 10_000n, paid: 90_000n, earnedPoints: 0n });
    rig.clock.advance({ days: 3 });
    const claimed = valueOf(await claim(phone, byId('c1')));
    // 10 % of 900 paid, doubled by the promotion that nobody counts; the 500 of the counted one are not given.
    expect(claimed.receipt).toMatchObject({
      receiptId: sold.receipt.receiptId,
      memberId,
      hasMember: true,
      origin: 'late',
      totals: { promotionDiscount: 10_000n, paid: 90_000n, earnedPoints: 180n },
      outcome: { balance: { available: 180n } },
    });
    expect(claimed.receipt.flags).toEqual(expect.arrayContaining(['claimed', 'late']));
    expect(claimed.lines).toMatchObject([{ paid: 90_000n, discount: 10_000n, earnedPoints: 180n }]);
  });

  it('answers the same to the same member; the till that repeats its sale is answered what it was (R20)', async () => {
    const { phone } = await someone();
    const other = await someone();
    const sale = saleOf(rig.clock, { id: 'c2', sums: [500] });
    const sold = valueOf(await confirmSale(rig.deps, sale));
    const first = valueOf(await claim(phone, byId('c2')));
    expect(valueOf(await claim(phone, byId('c2')))).toEqual(first);
    expect(await claim(other.phone, byId('c2'))).toMatchObject({ refusal: { code: 'already_claimed' } });
    expect(valueOf(await confirmSale(rig.deps, sale)).receipt.totals).toEqual(sold.receipt.totals);
    const found = valueOf(await findReceipt(rig.deps, { shopCode: 'main', id: 'c2', caller: testCaller }));
    expect(found.record.receipt.memberId).toBe(first.receipt.memberId);
  });

  it('of two members at once exactly one gets it, by QR and by id alike', async () => {
    const people = await Promise.all([someone(), someone(), someone(), someone()]);
    await sell('c3', 700, '3003');
    const byQr: ClaimedBy = { kind: 'fiscal', fiscal: fiscalOf('3003') };
    const answers = await Promise.all(
      people.map(({ phone }, index) => claim(phone, index % 2 === 0 ? byQr : byId('c3'))),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal.code]))).toEqual(
      Array(3).fill('already_claimed'),
    );
    const lots = await rig.db.pool.query(
      'select sum(amount)::bigint as points from ledger.lot where member_id = any($1)',
      [people.map(({ memberId }) => memberId)],
    );
    expect(lots.rows).toEqual([{ points: 126n }]);
  });

  it('is open until the end of the 14th day in the shop, then no more', async () => {
    const { phone } = await someone();
    await sell('c4', 100);
    await sell('c5', 100);
    // Sold on 2 March at noon in Moscow: the last day is 16 March.
    rig.clock.set(rigStart.add({ hours: 14 * 24 + 11, minutes: 59 }));
    expect((await claim(phone, byId('c4'))).ok).toBe(true);
    rig.clock.advance({ minutes: 1 });
    expect(await claim(phone, byId('c5'))).toMatchObject({ refusal: { code: 'claim_too_late' } });
  });

  it.each([
    ['unless it was returned, in part too', 'c6', 'already_returned'],
    ['if there is such a receipt', 'nothing', 'receipt_unknown'],
  ])('%s', async (_title, id, code) => {
    const { phone } = await someone();
    valueOf(await confirmSale(rig.deps, saleOf(rig.clock, { id: `${id}-sold`, sums: [100, 200] })));
    valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${id}-r`, sale: `${id}-sold`, lines: ['1'] })));
    const asked = code === 'already_returned' ? `${id}-sold` : id;
    expect(await claim(phone, byId(asked))).toMatchObject({ refusal: { code } });
  });

  it('by shop, minute and sum where the POS sent no requisites; two such receipts are told apart by nobody', async () => {
    const { phone } = await someone();
    const at = rigStart.add({ seconds: 40 });
    const by: ClaimedBy = {
      kind: 'purchase',
      shopCode: 'main',
      at: rigStart.add({ seconds: 5 }),
      sum: 111_100n - 11_110n,
    };
    valueOf(await confirmSale(rig.deps, saleOf(rig.clock, { id: 'c7', sums: [1111], at })));
    const claimed = valueOf(await claim(phone, by));
    expect(claimed.receipt.externalId).toBe('c7');
    expect(valueOf(await claim(phone, by)).receipt.receiptId).toBe(claimed.receipt.receiptId);
    valueOf(await confirmSale(rig.deps, saleOf(rig.clock, { id: 'c8', sums: [1111], at })));
    expect(await claim(phone, by)).toMatchObject({ refusal: { code: 'receipt_ambiguous' } });
  });

  it("a receipt that has a member is its member's", async () => {
    const [owner, other] = [await someone(), await someone()];
    valueOf(await confirmSale(rig.deps, saleOf(rig.clock, { id: 'c9', phone: owner.phone, sums: [100] })));
    expect(await claim(other.phone, byId('c9'))).toMatchObject({ refusal: { code: 'already_claimed' } });
  });

  it('R22: returned later, it gives back its points and the limits that its discount took', async () => {
    const { phone, memberId } = await someone();
    await sell('c10', 1000);
    const before = await used('off');
    valueOf(await claim(phone, byId('c10')));
    expect(await used('off')).toBe(before);
    const back = valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: 'c10-r', sale: 'c10' })));
    expect(back.returned).toMatchObject({
      memberId,
      moneyReturned: 90_000n,
      result: { pointsTakenBack: 180n, complete: true, balance: { available: 0n, debt: 0n } },
    });
    expect(await used('off')).toBe(before - 1n);
  });

  it('R22: two returns at once of a receipt without a member give its money back once', async () => {
    await sell('c11', 300);
    const answers = await Promise.all(
      [1, 2, 3].map((number) => returnGoods(rig.deps, returnOf(rig.clock, { id: `c11-r${number}`, sale: 'c11' }))),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  });

  it('a claim against a return: one of them comes first, never both', async () => {
    const { phone } = await someone();
    await sell('c12', 300);
    const [claimed, returned] = await Promise.all([
      claim(phone, byId('c12')),
      returnGoods(rig.deps, returnOf(rig.clock, { id: 'c12-r', sale: 'c12' })),
    ]);
    expect(returned.ok).toBe(true);
    const member = returned.ok ? returned.value.returned.result.balance : null;
    expect(claimed.ok ? member?.available : claimed.refusal.code).toEqual(claimed.ok ? 0n : 'already_returned');
  });
});
