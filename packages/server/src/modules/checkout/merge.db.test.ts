import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#modules/ledger/index.ts';
import { eraseMember, exportMember, mergeMembers, unmergeMembers } from '#modules/members/index.ts';
import { inTransaction } from '#platform/db.ts';
import { type CheckoutRig, returnOf, rigStart, saleOf, startCheckout, valueOf } from '#test/checkout-rig.ts';
import { testCaller } from '#test/members.ts';
import { cancelSale } from './service/cancel-sale.ts';
import { claimReceipt } from './service/claim-receipt.ts';
import { confirmSale } from './service/confirm-sale.ts';
import { editHeldSale, holdSale } from './service/hold-sale.ts';
import { listReceiptsOf } from './service/list-receipts.ts';
import { checkoutPart } from './service/member-part.ts';
import { returnGoods } from './service/return-goods.ts';
import { reviewReceipt } from './service/review.ts';

let rig: CheckoutRig;
let serial = 0;

beforeAll(async () => {
  rig = await startCheckout();
  await rig.shop('main');
  await rig.publish({
    earning: { default_rate: '10' },
    redeeming: { rate: '50' },
    promotions: [
      {
        ...{ code: 'once', name: 'o', effects: [{ kind: 'percent_off', percent: '10' }] },
        ...{ conditions: [{ kind: 'receipt_sum', from: 500_000 }], limits: { per_member: 1 } },
      },
    ],
  });
});
afterAll(() => rig.end());
beforeEach(() => rig.clock.set(rigStart));

interface Someone {
  readonly phone: string;
  readonly memberId: string;
}
async function someone(): Promise<Someone> {
  serial += 1;
  const phone = `+7914${String(serial).padStart(7, '0')}`;
  return { phone, memberId: await rig.member(phone) };
}
async function figures({ memberId }: Someone) {
  const rows = await rig.db.pool.query(
    'select available, reserved, debt, receipts_count from standing.standing where member_id = $1',
    [memberId],
  );
  return rows.rows[0] as { available: bigint; reserved: bigint; debt: bigint; receipts_count: number };
}
const order = (words: Parameters<typeof saleOf>[1]) => ({ ...saleOf(rig.clock, words), order: true });
const sell = async (words: Parameters<typeof saleOf>[1]) =>
  valueOf(await confirmSale(rig.deps, saleOf(rig.clock, words)));
const asked = () => ({ by: testCaller, now: rig.clock.now() });
async function merge(survivor: Someone, absorbed: Someone): Promise<string> {
  const ids = { survivorId: survivor.memberId, absorbedId: absorbed.memberId };
  return valueOf(await mergeMembers(rig.members, { ...ids, reason: null, ...asked() })).mergeId;
}
async function expectSoundLedger(): Promise<void> {
  const problems: unknown[] = [];
  await audit(rig.db, { onProblem: (problem) => problems.push(problem) });
  expect(problems).toEqual([]);
}

describe('R32: receipts after a merge', () => {
  it('a return of a receipt of the absorbed member: points leave and come back at the survivor', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const tag = `r${serial}`;
    await sell({ id: `${tag}-1`, phone: absorbed.phone, sums: [1000] });
    // 60 of its 100 points are spent before the merge; the lot is still open.
    await sell({ id: `${tag}-2`, phone: absorbed.phone, sums: [1000], redeem: 60 });
    await merge(survivor, absorbed);
    expect(await figures(survivor)).toMatchObject({ available: 134n, receipts_count: 2 });
    const back = valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${tag}-3`, sale: `${tag}-2` })));
    expect(back.returned.result).toMatchObject({
      pointsGivenBack: 60n,
      pointsTakenBack: 94n,
      balance: { available: 100n },
    });
    valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${tag}-4`, sale: `${tag}-1` })));
    expect(await figures(survivor)).toMatchObject({ available: 0n, debt: 0n, receipts_count: 0 });
    expect(await figures(absorbed)).toMatchObject({ available: 0n, receipts_count: 0 });
    await expectSoundLedger();
  });

  it('redeemed points whose lot was closed before the merge live again at the survivor', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const tag = `c${serial}`;
    await sell({ id: `${tag}-1`, phone: absorbed.phone, sums: [100] });
    await sell({ id: `${tag}-2`, phone: absorbed.phone, sums: [100], redeem: 10 });
    await merge(survivor, absorbed);
    valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${tag}-3`, sale: `${tag}-2` })));
    expect(await figures(survivor)).toMatchObject({ available: 10n, debt: 0n });
    await expectSoundLedger();
  });

  it('a held sale of the absorbed member is confirmed: its hold moved along', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const tag = `h${serial}`;
    await sell({ id: `${tag}-1`, phone: absorbed.phone, sums: [1000] });
    valueOf(await holdSale(rig.deps, order({ id: `${tag}-2`, phone: absorbed.phone, sums: [400], redeem: 'max' })));
    await merge(survivor, absorbed);
    expect(await figures(survivor)).toMatchObject({ available: 0n, reserved: 100n });
    const confirm = saleOf(rig.clock, { id: `${tag}-2`, sums: [400] });
    const sold = valueOf(await confirmSale(rig.deps, { ...confirm, content: { ...confirm.content, lines: null } }));
    expect(sold.receipt).toMatchObject({ state: 'confirmed', totals: { redeemedPoints: 100n, paid: 30_000n } });
    expect(await figures(survivor)).toMatchObject({ available: 30n, reserved: 0n, receipts_count: 2 });
    expect(await figures(absorbed)).toMatchObject({ available: 0n, reserved: 0n });
    valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${tag}-3`, sale: `${tag}-2` })));
    expect(await figures(survivor)).toMatchObject({ available: 100n, debt: 0n });
    await expectSoundLedger();
  });

  it('a held sale of the absorbed member is edited, and cancelled', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const tag = `e${serial}`;
    await sell({ id: `${tag}-1`, phone: absorbed.phone, sums: [1000] });
    valueOf(await holdSale(rig.deps, order({ id: `${tag}-2`, phone: absorbed.phone, sums: [400], redeem: 'max' })));
    await merge(survivor, absorbed);
    valueOf(await editHeldSale(rig.deps, order({ id: `${tag}-2`, phone: absorbed.phone, sums: [100], redeem: 'max' })));
    expect(await figures(survivor)).toMatchObject({ available: 50n, reserved: 50n });
    const cancelled = await cancelSale(rig.deps, {
      ...{ id: `${tag}-2`, shopCode: 'main', caller: testCaller, now: rig.clock.now() },
    });
    expect(valueOf(cancelled).receipt).toMatchObject({ state: 'cancelled', totals: { shelf: 10_000n } });
    expect(await figures(survivor)).toMatchObject({ available: 100n, reserved: 0n });
    await expectSoundLedger();
  });

  it('a receipt of the absorbed member that waited for review counts for the survivor', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const id = `w${serial}`;
    await sell({ id, phone: absorbed.phone, sums: [1000], at: rigStart.subtract({ hours: 40 * 24 }) });
    await merge(survivor, absorbed);
    const command = { id, shopCode: 'main', decision: 'accept', integration: 'tests' } as const;
    valueOf(await reviewReceipt(rig.deps, { ...command, caller: testCaller, now: rig.clock.now() }));
    expect(await figures(survivor)).toMatchObject({ available: 100n, receipts_count: 1 });
    expect(
      (await sell({ id, phone: absorbed.phone, sums: [1000], at: rigStart.subtract({ hours: 40 * 24 }) })).receipt
        .state,
    ).toBe('confirmed');
  });

  it('limits per member: what the absorbed one took counts, and its return gives it back', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const tag = `m${serial}`;
    const discount = async (number: number) =>
      (await sell({ id: `${tag}-${number}`, phone: survivor.phone, sums: [5000] })).receipt.totals.promotionDiscount;
    await sell({ id: `${tag}-0`, phone: absorbed.phone, sums: [5000] });
    await merge(survivor, absorbed);
    expect(await discount(1)).toBe(0n);
    valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${tag}-r`, sale: `${tag}-0` })));
    expect(await discount(2)).toBe(50_000n);
  });

  it('receipts are read over the family, a claim is still its own; undone, each has their own again', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const tag = `l${serial}`;
    await sell({ id: `${tag}-1`, phone: survivor.phone, sums: [100] });
    await sell({ id: `${tag}-2`, sums: [100] });
    const claim = (phone: string) =>
      claimReceipt(rig.deps, {
        ...{ member: { kind: 'phone', value: phone }, caller: testCaller, now: rig.clock.now() },
        by: { kind: 'id', shopCode: 'main', id: `${tag}-2` },
      });
    valueOf(await claim(absorbed.phone));
    const mergeId = await merge(survivor, absorbed);
    const listed = async ({ memberId }: Someone) =>
      valueOf(await listReceiptsOf(rig.deps, memberId, { after: null, limit: 10 })).receipts.length;
    expect([await listed(survivor), await listed(absorbed)]).toEqual([2, 2]);
    expect((await claim(survivor.phone)).ok).toBe(true);
    valueOf(await unmergeMembers(rig.members, { survivorId: survivor.memberId, mergeId, ...asked() }));
    expect([await listed(survivor), await listed(absorbed)]).toEqual([1, 1]);
    expect(await claim(survivor.phone)).toMatchObject({ refusal: { code: 'already_claimed' } });
  });

  it('a member who is merged away while a sale waits for the lock: sale and hold are the survivor’s, and found again', async () => {
    const [survivor, absorbed] = [await someone(), await someone()];
    const tag = `x${serial}`;
    const begun = Promise.withResolvers<undefined>();
    const mayEnd = Promise.withResolvers<undefined>();
    const holder = inTransaction(rig.db, async (tx) => {
      await tx.run({ name: 'test.lock', text: 'select 1 from standing.standing where member_id = $1 for update' }, [
        absorbed.memberId,
      ]);
      begun.resolve(undefined);
      await mayEnd.promise;
    });
    await begun.promise;
    const merging = merge(survivor, absorbed);
    await waiting(1);
    const sale = saleOf(rig.clock, { id: `${tag}-1`, phone: absorbed.phone, sums: [1000] });
    const selling = confirmSale(rig.deps, sale);
    const holding = holdSale(rig.deps, order({ id: `${tag}-2`, phone: absorbed.phone, sums: [10] }));
    await waiting(3);
    mayEnd.resolve(undefined);
    await Promise.all([holder, merging]);
    const sold = valueOf(await selling);
    expect(sold.receipt.memberId).toBe(survivor.memberId);
    expect(valueOf(await confirmSale(rig.deps, sale))).toEqual(sold);
    const held = valueOf(await holding);
    const cancelled = await cancelSale(rig.deps, {
      ...{ id: `${tag}-2`, shopCode: 'main', caller: testCaller, now: rig.clock.now() },
    });
    expect(valueOf(cancelled).receipt.receiptId).toBe(held.receipt.receiptId);
  });
});

/** Until so many sessions wait for a lock. */
async function waiting(count: number): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const rows = await rig.db.pool.query(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if ((rows.rows[0] as { count: number }).count >= count) return;
  }
  throw new Error(`${count} sessions never came to wait`);
}

describe('R34: a person', () => {
  it('is exported with every receipt, its lines, fiscal requisites and returns', async () => {
    const person = await someone();
    const tag = `p${serial}`;
    await sell({ id: `${tag}-1`, phone: person.phone, sums: [100, 50] });
    valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${tag}-r`, sale: `${tag}-1`, lines: ['2'] })));
    const exported = valueOf(await exportMember(rig.members, { memberId: person.memberId, ...asked() }));
    expect(exported.modules['checkout']).toMatchObject({
      receipts: [{ external_id: `${tag}-1`, paid: 15_000, lines: [{ line_id: '1', paid: 10_000 }, { line_id: '2' }] }],
      returns: [{ external_id: `${tag}-r`, money_returned: 5000 }],
    });
  });

  it('waits for open orders before it is erased; sums stay, and goods still come back', async () => {
    const person = await someone();
    const tag = `q${serial}`;
    await sell({ id: `${tag}-1`, phone: person.phone, sums: [100] });
    valueOf(await holdSale(rig.deps, order({ id: `${tag}-2`, phone: person.phone, sums: [10] })));
    const erase = () => eraseMember(rig.members, { memberId: person.memberId, ...asked() });
    expect(await erase()).toMatchObject({ refusal: { code: 'erasure_waits', details: { reason: 'open_orders' } } });
    valueOf(await cancelSale(rig.deps, { id: `${tag}-2`, shopCode: 'main', caller: testCaller, now: rig.clock.now() }));
    expect((await erase()).ok).toBe(true);
    const back = valueOf(await returnGoods(rig.deps, returnOf(rig.clock, { id: `${tag}-r`, sale: `${tag}-1` })));
    expect(back.returned).toMatchObject({ moneyReturned: 10_000n, result: { pointsTakenBack: 0n, balance: null } });
  });

  it('every table with a member is in the part', async () => {
    const rows = await rig.db.pool.query(
      "select table_name from information_schema.columns where table_schema = 'checkout' and column_name = 'member_id' order by 1",
    );
    const tables = (rows.rows as { table_name: string }[]).map(({ table_name: name }) => `checkout.${name}`);
    expect(checkoutPart.tables.toSorted()).toEqual(tables);
  });
});
