import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CheckoutRig, fiscalOf, returnOf, rigStart, saleOf, startCheckout, valueOf } from '#test/checkout-rig.ts';
import { testCaller } from '#test/members.ts';
import { presentReturn, presentSale } from './http/present.ts';
import { addFiscal } from './service/add-fiscal.ts';
import { confirmSale } from './service/confirm-sale.ts';
import { checkDay } from './service/day-check.ts';
import { listReceiptsOf, listWaitingReceipts, type ReceiptPage, type ReceiptPlace } from './service/list-receipts.ts';
import { returnGoods } from './service/return-goods.ts';
import { reviewReceipt } from './service/review.ts';
import { type UploadAnswer, type UploadItem, uploadReceipts } from './service/upload-receipts.ts';

let rig: CheckoutRig;
let serial = 0;

beforeAll(async () => {
  rig = await startCheckout();
  await rig.shop('main');
  await rig.shop('far', { zone: 'Asia/Vladivostok' });
  await rig.shop('lab', { zone: 'Asia/Vladivostok', test: true });
  await rig.publish({ earning: { default_rate: '10' }, redeeming: { rate: '50' } });
});
afterAll(() => rig.end());
beforeEach(() => rig.clock.set(rigStart));

async function someone() {
  serial += 1;
  const phone = `+7913${String(serial).padStart(7, '0')}`;
  return { phone, memberId: await rig.member(phone) };
}
async function available(memberId: string): Promise<bigint> {
  const rows = await rig.db.pool.query('select available from standing.standing where member_id = $1', [memberId]);
  return (rows.rows[0] as { available: bigint }).available;
}
const sell = (words: Parameters<typeof saleOf>[1]) => confirmSale(rig.deps, saleOf(rig.clock, words));

/** As it goes out: what a return has changed of a sale since is no part of its answer. */
function sent(answer: UploadAnswer) {
  if (!answer.outcome.ok) return answer.outcome.refusal;
  if (answer.kind === 'return') return presentReturn(answer.outcome.value);
  return presentSale(answer.outcome.value, 'main', 'en');
}

describe('R23: fiscal requisites', () => {
  const add = (id: string, ...documents: string[]) =>
    addFiscal(rig.deps, { shopCode: 'main', id, fiscal: documents.map((one) => fiscalOf(one)), caller: testCaller });

  it('R24: one cart may be several fiscal receipts, sent later and again', async () => {
    const { receipt } = valueOf(await sell({ id: 'f1', sums: [100, 200] }));
    expect(valueOf(await add('f1', '11', '12'))).toEqual({ receiptId: receipt.receiptId, fiscal: 2 });
    expect(valueOf(await add('f1', '12', '11'))).toEqual({ receiptId: receipt.receiptId, fiscal: 2 });
  });

  it('those of another receipt are refused, and then none is kept', async () => {
    valueOf(await sell({ id: 'f2', sums: [100], fiscal: [fiscalOf('21')] }));
    valueOf(await sell({ id: 'f3', sums: [100] }));
    expect(await add('f3', '22', '21')).toMatchObject({ refusal: { code: 'fiscal_taken', field: '/fiscal/1' } });
    expect((await add('f2', '22')).ok).toBe(true);
  });

  it('name lines of the receipt only', async () => {
    valueOf(await sell({ id: 'f4', sums: [100] }));
    const fiscal = [{ ...fiscalOf('41'), lineIds: ['1', '7'] }];
    const answer = await addFiscal(rig.deps, { shopCode: 'main', id: 'f4', fiscal, caller: testCaller });
    expect(answer).toMatchObject({ refusal: { code: 'line_unknown', field: '/fiscal/0/line_ids/1' } });
    expect(await add('nobody', '42')).toMatchObject({ refusal: { code: 'receipt_unknown' } });
  });

  it('a purchase that comes again under another id waits for a person and counts once', async () => {
    const { phone, memberId } = await someone();
    const again = { sums: [1000], phone, fiscal: [fiscalOf('51')] };
    const both = await Promise.all([sell({ id: 'f5-pos', ...again }), sell({ id: 'f5-1c', ...again })]);
    const states = both.map((answer) => valueOf(answer).receipt.state).sort();
    expect(states).toEqual(['confirmed', 'review']);
    expect(await available(memberId)).toBe(100n);
    const waiting = both.map(valueOf).find(({ receipt }) => receipt.state === 'review');
    expect(waiting?.receipt.flags).toContain('fiscal_repeated');
  });

  it('prepayment and settlement count once, as the settlement', async () => {
    const { phone, memberId } = await someone();
    const order = { id: 'f6', sums: [1000], phone };
    const prepaid = await sell({ ...order, fiscal: [fiscalOf('61', 'prepayment')] });
    expect(valueOf(prepaid).receipt).toMatchObject({ state: 'held', isOrder: true });
    expect(await available(memberId)).toBe(0n);
    expect(valueOf(await sell({ ...order, fiscal: [fiscalOf('61', 'prepayment')] }))).toEqual(valueOf(prepaid));
    rig.clock.advance({ days: 5 });
    const settled = valueOf(await sell({ ...order, fiscal: [fiscalOf('62', 'settlement')] }));
    expect(settled.receipt).toMatchObject({ state: 'confirmed', receiptId: valueOf(prepaid).receipt.receiptId });
    expect(await available(memberId)).toBe(100n);
  });
});

describe("R3: a shop's day against its Z-report", () => {
  it('is the local day; test receipts stay out; returns count by their own day; claimed receipts once', async () => {
    // 2 March in Vladivostok is 1 March 14:00 to 2 March 14:00 UTC.
    const at = (text: string) => Temporal.Instant.from(text);
    rig.clock.set(at('2026-03-02T20:00:00Z'));
    const sales: [string, string, number][] = [
      ['d1', '2026-03-01T13:59:59Z', 1],
      ['d2', '2026-03-01T14:00:00Z', 20],
      ['d3', '2026-03-02T13:59:59Z', 300],
      ['d4', '2026-03-02T14:00:00Z', 4000],
    ];
    for (const [id, time, sum] of sales) valueOf(await sell({ id, shop: 'far', sums: [sum], at: at(time) }));
    valueOf(await sell({ id: 'd5', shop: 'lab', sums: [7], at: at('2026-03-02T01:00:00Z') }));
    const caller = { ...testCaller, test: true };
    valueOf(await sell({ id: 'd6', shop: 'far', sums: [7], at: at('2026-03-02T01:00:00Z'), caller }));
    const back = (id: string, sale: string, time: string) =>
      returnGoods(rig.deps, { ...returnOf(rig.clock, { id, sale }), shopCode: 'far', at: at(time) });
    valueOf(await back('d1-r', 'd1', '2026-03-02T02:00:00Z'));
    valueOf(await back('d3-r', 'd3', '2026-03-02T15:00:00Z'));
    const check = (count: number, sum: bigint) =>
      checkDay(rig.deps, {
        ...{ shopCode: 'far', date: Temporal.PlainDate.from('2026-03-02'), caller: testCaller },
        ...{ sales: { count, sum }, returns: { count: 1, sum: 100n } },
      });
    expect(valueOf(await check(2, 32_000n)).matches).toBe(true);
    expect(valueOf(await check(3, 32_500n))).toMatchObject({
      matches: false,
      sales: { count: 2, sum: 32_000n, countDifference: -1, sumDifference: -500n },
      returns: { count: 1, sum: 100n, countDifference: 0, sumDifference: 0n },
    });
  });
});

describe('R21: receipts made offline', () => {
  const sale = (words: Parameters<typeof saleOf>[1]): UploadItem => ({ kind: 'sale', sale: saleOf(rig.clock, words) });

  it('an answer or a refusal each, in the order sent; one bad receipt stops no other; sent again, the same', async () => {
    const { phone, memberId } = await someone();
    const at = rigStart.subtract({ hours: 3 });
    const items: UploadItem[] = [
      sale({ id: 'u1', sums: [1000], phone, at }),
      sale({ id: 'u2', sums: [10], phone: '+79990000000', at }),
      sale({ id: 'u3', shop: 'nowhere', sums: [10], at }),
      // Paid with points that the first one has brought: the order within a member stands.
      sale({ id: 'u4', sums: [1000], phone, redeem: 100, at: at.add({ minutes: 5 }) }),
      { kind: 'return', returned: returnOf(rig.clock, { id: 'u5', sale: 'u4' }) },
      { kind: 'return', returned: returnOf(rig.clock, { id: 'u6', sale: 'u-none' }) },
    ];
    const answers = valueOf(await uploadReceipts(rig.deps, items));
    const told = answers.map(({ outcome }) => (outcome.ok ? 'ok' : outcome.refusal.code));
    expect(told).toEqual(['ok', 'member_unknown', 'shop_unknown', 'ok', 'ok', 'receipt_unknown']);
    expect(await available(memberId)).toBe(100n);
    expect(valueOf(await uploadReceipts(rig.deps, items)).map(sent)).toEqual(answers.map(sent));
    expect(await available(memberId)).toBe(100n);
  });

  it('five hundred of forty members: everyone has exactly what they earned', async () => {
    const people = await Promise.all(Array.from({ length: 40 }, someone));
    const items = Array.from({ length: 500 }, (_, index) =>
      sale({ id: `many-${index}`, sums: [100], phone: people[index % 40]?.phone, at: rigStart.subtract({ hours: 1 }) }),
    );
    const answers = valueOf(await uploadReceipts(rig.deps, items));
    expect(
      answers.map(
        ({ outcome }) => (outcome as { value: { receipt: { externalId: string } } }).value.receipt.externalId,
      ),
    ).toEqual(items.map((_, index) => `many-${index}`));
    const balances = await Promise.all(people.map(({ memberId }) => available(memberId)));
    expect(balances).toEqual(people.map((_, index) => (index < 20 ? 130n : 120n)));
  });

  it('R19, R20: money was taken: over the balance it is a debt; one that was sent before without an answer is the same receipt', async () => {
    const { phone } = await someone();
    const words = { id: 'u7', sums: [1000], phone };
    const online = valueOf(await sell(words));
    const [same, debt] = valueOf(
      await uploadReceipts(rig.deps, [sale(words), sale({ id: 'u8', sums: [1000], phone, redeem: 400 })]),
    );
    expect(same?.outcome).toMatchObject({ ok: true, value: { receipt: { receiptId: online.receipt.receiptId } } });
    expect(debt?.outcome).toMatchObject({ value: { receipt: { outcome: { uncovered: 300n } } } });
  });
});

describe('R21: receipts that wait for review', () => {
  it('are listed, the longest waiting first; accepted they count, rejected they do not', async () => {
    const { phone, memberId } = await someone();
    const at = rigStart.subtract({ hours: 40 * 24 });
    for (const id of ['w1', 'w2', 'w3']) {
      rig.clock.advance({ minutes: 1 });
      valueOf(await sell({ id, sums: [1000], phone, at }));
    }
    const mine = (page: Awaited<ReturnType<typeof listWaitingReceipts>>) =>
      page.receipts.map(({ externalId }) => externalId).filter((id) => id.startsWith('w'));
    expect(mine(await listWaitingReceipts(rig.deps, { after: null, limit: 50 }))).toEqual(['w1', 'w2', 'w3']);
    expect(await available(memberId)).toBe(0n);
    // A person decides with a key of their own: the receipt is named by the integration that sent it.
    const caller = { ...testCaller, integration: 'office' };
    const decide = (id: string, decision: 'accept' | 'reject') =>
      reviewReceipt(rig.deps, { id, shopCode: 'main', decision, integration: 'tests', caller, now: rig.clock.now() });
    expect(valueOf(await decide('w1', 'accept')).receipt).toMatchObject({ state: 'confirmed', origin: 'late' });
    expect(valueOf(await decide('w2', 'reject')).receipt.state).toBe('cancelled');
    expect(await decide('w2', 'accept')).toMatchObject({ refusal: { code: 'not_waiting' } });
    expect(mine(await listWaitingReceipts(rig.deps, { after: null, limit: 50 }))).toEqual(['w3']);
    expect(await available(memberId)).toBe(100n);
  });
});

describe("R32: a member's receipts", () => {
  it('newest first, in pages that neither skip nor repeat', async () => {
    const { phone, memberId } = await someone();
    for (let number = 0; number < 5; number += 1) {
      // Two of one instant: the place in the list is the time and the id.
      const at = rigStart.subtract({ minutes: number - (number % 2) });
      valueOf(await sell({ id: `l${serial}-${number}`, sums: [number + 1], phone, at }));
    }
    const ids: string[] = [];
    let after: ReceiptPlace | null = null;
    do {
      const page: ReceiptPage = valueOf(await listReceiptsOf(rig.deps, memberId, { after, limit: 2 }));
      ids.push(...page.receipts.map(({ externalId }) => externalId.slice(-1)));
      after = page.next;
    } while (after !== null);
    expect(ids.toSorted()).toEqual(['0', '1', '2', '3', '4']);
    expect([ids.slice(0, 2).toSorted(), ids.slice(2, 4).toSorted(), ids[4]]).toEqual([['0', '1'], ['2', '3'], '4']);
    const nobody = '018f0000-0000-7000-8000-00000000dead';
    expect(await listReceiptsOf(rig.deps, nobody, { after: null, limit: 2 })).toMatchObject({
      refusal: { code: 'member_unknown' },
    });
  });
});
