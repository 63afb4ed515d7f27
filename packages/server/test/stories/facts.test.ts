import { factContent } from '@kopilka/contract/facts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { points } from '#kernel/points.ts';
import type { MappingInput } from '#modules/imports/index.ts';
import { defaultLedgerSettings, grantPoints } from '#modules/ledger/index.ts';
import { inTransaction } from '#platform/db.ts';
import { type House, houseZone, openHouse } from '../house.ts';
import { sendFile, work } from '../imports.ts';
import { item, type Till, tillOf } from './till.ts';

interface Written {
  readonly kind: string;
  readonly member_id: string;
  readonly fact_no: bigint;
  readonly origin: string;
  readonly data: Record<string, unknown>;
}

const rollingYear = { kind: 'rolling', days: 365 } as const;
const tier = (code: string, rank: number, atLeast?: number) => ({
  ...{ code, rank, name: { ru: code, en: code }, earn_rate: '10', redeem_rate: '50' },
  conditions:
    atLeast === undefined ? null : { any: [{ figure: 'money_paid', at_least: atLeast, window: rollingYear }] },
});

/** A year and more of one small shop in which everything is told that can be told. */
describe('facts', () => {
  let house: House;
  let till: Till;
  let anna: string;

  beforeAll(async () => {
    house = await openHouse();
    till = tillOf(house);
    await house.shop('main');
    await house.product('TEA', 100_00);
    await house.publish({
      tiers: {
        list: [tier('base', 0), tier('silver', 1, 1_000_00), tier('gold', 2, 5_000_00)],
        review_days: 30,
        warning_days: 7,
      },
      earning: { delay: { hours: 24 }, term: { kind: 'days', days: 60 } },
      redeeming: { rate: '50' },
    });
    anna = await till.member();
  });
  afterAll(() => house.close());

  async function written(memberId?: string): Promise<Written[]> {
    const found = await house.foundation.db.pool.query<Written>(
      'select kind, member_id, fact_no, origin, data from platform.fact order by member_id, fact_no',
    );
    return found.rows.filter((row) => memberId === undefined || row.member_id === memberId);
  }
  /** Due work goes on from where it stopped: the second round ends a sweep that the first began. */
  const sweep = async () => {
    await house.runDue();
    await house.runDue();
  };
  const tiersOf = async (memberId: string) =>
    (await written(memberId))
      .filter(({ kind }) => kind === 'tier_changed')
      .map(({ data }) => [data['from'], data['direction'], data['to'], data['cause']].join(' '));

  it('R27: a purchase that raises the tier and its return that lowers it are told with their cause', async () => {
    const sale = await till.sell(anna, [item('TEA', 1_500)]);
    expect(await tiersOf(anna)).toEqual(['base up silver purchase']);
    await till.giveBack(sale['id'] as string);
    expect(await tiersOf(anna)).toEqual(['base up silver purchase', 'silver down base return']);
    const kinds = (await written(anna)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'member_registered')).toEqual([
      ...['purchase_confirmed', 'tier_changed'],
      ...['purchase_returned', 'tier_changed'],
    ]);
  });

  it('R27: a fall that time alone brought is told by the sale that comes upon it', async () => {
    const boris = await till.member();
    await till.sell(boris, [item('TEA', 1_500)]);
    house.clock.advance({ hours: 24 * 400 });
    await till.sell(boris, [item('TEA', 100)]);
    expect(await tiersOf(boris)).toEqual(['base up silver purchase', 'silver down base review']);
  });

  it('holds, cancels, time-outs, corrections, starts, burns, written-off debts', async () => {
    await till.grant(anna, 100, { days: 30 });
    const held = till.newId();
    await till.hold(held, anna, [item('TEA', 100)], { redeem: 50 });
    await till.cancel(held);
    await till.hold(till.newId(), anna, [item('TEA', 100)], { redeem: 50 });
    house.clock.advance({ minutes: 16 });
    await house.runDue();
    const vera = await till.member();
    const sale = await till.sell(vera, [item('TEA', 400)]);
    house.clock.advance({ hours: 25 });
    await house.runDue();
    await till.sell(vera, [item('TEA', 80)], { redeem: 40 });
    await till.giveBack(sale['id'] as string);
    house.clock.advance({ hours: 24 * 400 });
    await sweep();
    const told = new Set((await written()).map(({ kind }) => kind));
    for (const kind of ['sale_held', 'sale_cancelled', 'hold_expired', 'points_started', 'points_expired'])
      expect(told).toContain(kind);
    expect(told).toContain('debts_written_off');
  });

  it('a warning before a review that would lower the tier', async () => {
    const gleb = await till.member();
    await till.sell(gleb, [item('TEA', 1_500)]);
    for (let day = 0; day < 400; day += 5) {
      house.clock.advance({ hours: 24 * 5 });
      await house.runDue();
    }
    expect((await written(gleb)).map(({ kind }) => kind)).toContain('tier_will_fall');
    expect((await tiersOf(gleb)).at(-1)).toBe('silver down base review');
  });

  it('what happens to members themselves', async () => {
    const dina = await till.member();
    const path = `/v1/members/${dina}`;
    await house.ok('PATCH', path, { first_name: 'Дина' });
    await house.ok('POST', `${path}/identities`, { kind: 'email', value: 'dina@example.com' });
    const word = { channel: 'sms', purpose: 'advertising', given: false, source: 'till' };
    await house.ok('POST', `${path}/consents`, { consents: [word] });
    await house.ok('POST', `${path}/block`, { reason: 'a story' });
    await house.ok('POST', `${path}/unblock`);
    const twin = await till.member();
    const merged = await house.ok('POST', `${path}/merge`, { absorbed_id: twin });
    await house.ok('POST', `${path}/unmerge`, { merge_id: merged['merge_id'] });
    await house.ok('POST', `${path}/erase`, { confirm: true });
    expect((await written(dina)).map(({ kind }) => kind)).toContain('member_erased');
  });

  it('R44: one fact for a campaign’s points; R35: an import says that it is one', async () => {
    const { db, newId, clock } = house.foundation;
    await inTransaction(db, (tx) =>
      grantPoints(
        tx,
        { newId, settings: () => defaultLedgerSettings, installationZone: houseZone },
        {
          to: [{ memberId: anna, zone: houseZone, points: points(10) }],
          terms: {
            ...{ startsAt: null, startsOn: null, burnsAt: null, burnsOn: null, days: null },
            ...{ restriction: null, funder: null, paysDebt: true },
          },
          ...{ source: 'campaign', rule: 'spring', cause: { kind: 'campaign', id: newId() } },
          ...{ origin: 'live', now: clock.now() },
        },
      ),
    );
    const phone = till.phone();
    await house.member(phone);
    const progress: MappingInput = { kind: 'progress', fields: { phone: 'phone', last_purchase_at: 'last' } };
    await work(house, await sendFile(house, { mapping: progress, file: `phone,last\n${phone},2026-01-10\n` }), 'run');
    const lots: MappingInput = { kind: 'lots', fields: { phone: 'phone', points: 'points' } };
    const id = await sendFile(house, { mapping: lots, file: `phone,points\n${phone},100\n` });
    await work(house, id, 'run');
    await work(house, id, 'undo');
    const imported = (await written()).filter(({ kind }) => kind.includes('import'));
    expect(imported.map(({ origin }) => origin)).toEqual(imported.map(() => 'import'));
  });

  it('every fact is of a kind and a shape that the contract names, and every kind was told', async () => {
    const told = await written();
    for (const { kind, data } of told) {
      // Unknown keys are dropped in reading: an equal value has none.
      expect(factContent.parse({ kind, data })).toEqual({ kind, data });
    }
    const known = factContent.options.map(({ shape }) => shape.kind.value).sort();
    expect([...new Set(told.map(({ kind }) => kind))].sort()).toEqual(known);
  });
});
