import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '#test/house.ts';
import { importFile } from '#test/imports.ts';
import { examples } from './domain/examples.ts';
import { importKinds } from './domain/kinds.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({ start: '2026-11-22T12:00' });
});
afterAll(() => house.close());

describe('the examples of the manual', () => {
  beforeAll(async () => {
    await house.publish({
      tiers: {
        list: [
          { code: 'silver', name: { ru: 'Серебро', en: 'Silver' }, rank: 1, earn_rate: '5', conditions: null },
          {
            ...{ code: 'gold', name: { ru: 'Золото', en: 'Gold' }, rank: 2, earn_rate: '10' },
            conditions: { any: [{ figure: 'money_paid', at_least: 100_000, window: { kind: 'all_time' } }] },
          },
        ],
      },
    });
  });

  it('every kind has one', () => {
    expect(Object.keys(examples).sort()).toEqual([...importKinds].sort());
  });

  it('shops, products and members', async () => {
    expect(await importFile(house, examples.shops)).toMatchObject({ status: 'done', made: { shops: 2 } });
    expect(await importFile(house, examples.products)).toMatchObject({
      status: 'done',
      made: { products: 2 },
      problems: [],
    });
    const members = await importFile(house, examples.members);
    expect(members).toMatchObject({ status: 'done', made: { members_made: 2 }, problems: [] });
    const anna = await house.ok('GET', '/v1/members/by-identity?kind=external%3Acrm&value=17850');
    expect(JSON.stringify(anna)).toContain('Кузнецова');
    expect(JSON.stringify(anna)).toContain('1992-02-29');
    expect(JSON.stringify(anna)).toContain('"advertising"');
  });

  it('R9: last purchases before lots, so that nothing burns on day one; then lots and codes', async () => {
    expect(await importFile(house, examples.progress)).toMatchObject({
      status: 'done',
      made: { progress: 2 },
      problems: [],
    });
    expect(await importFile(house, examples.lots)).toMatchObject({ status: 'done', made: { lots: 3 }, problems: [] });
    expect(await importFile(house, examples.codes)).toMatchObject({ status: 'done', made: { codes: 2 }, problems: [] });
  });

  it('receipts, with a line left out, one of nobody and a return', async () => {
    const one = await importFile(house, examples.receipts);
    expect(one['found']).toMatchObject({
      rows: 5,
      accepted: 4,
      skipped: { 'service codes': 1 },
      receipts: 2,
      returns: 1,
      receipts_without_member: 1,
      sum: 2393,
      returned_sum: 255,
    });
    expect(one).toMatchObject({ status: 'done', made: { receipts: 2, returns: 1 }, problems: [] });
  });

  it('R35: none of it is told to campaigns: no fact is live', async () => {
    const result = await house.foundation.db.pool.query(
      "select kind from platform.fact where origin = 'live' and kind <> 'program_published'",
    );
    expect(result.rows).toEqual([]);
    expect(await house.auditProblems()).toEqual([]);
  });
});
