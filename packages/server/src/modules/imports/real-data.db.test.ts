// Real shops' histories against figures that other tools computed. The data is no part of the repository: without it these tests are skipped.
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MappingInput } from '#modules/imports/index.ts';
import { type House, openHouse } from '#test/house.ts';
import { importFile, sendFile, work } from '#test/imports.ts';

const data = fileURLToPath(new URL('../../../../../../shared/data/', import.meta.url));
const isThere = existsSync(`${data}reference.json`);
const isFull = process.env['KOPILKA_FULL'] === '1';
if (!isThere) console.log(`skipped: no data of real shops at ${data}`);

const cdnow: MappingInput = {
  kind: 'receipts',
  format: { type: 'whitespace', columns: ['sample', 'member', 'date', 'discs', 'sum'] },
  zone: 'America/New_York',
  external_system: 'cdnow',
  unknown_member: 'create',
  fields: {
    receipt_id: { row_number: true },
    at: { column: 'date', format: 'yyyyMMdd' },
    shop: { constant: 'site' },
    external_id: 'member',
    sku: { constant: 'CD' },
    quantity: 'discs',
    sum: 'sum',
  },
};

const cdnowMaster: MappingInput = {
  ...cdnow,
  format: { type: 'whitespace', columns: ['member', 'date', 'discs', 'sum'], skip_lines: 1 },
};

/** 0.001 for a pad is a price there: the installation counts in thousandths of a pound. */
const retail: MappingInput = {
  kind: 'receipts',
  zone: 'Europe/London',
  money_digits: 3,
  external_system: 'uci',
  unknown_member: 'create',
  fields: {
    receipt_id: 'InvoiceNo',
    at: 'InvoiceDate',
    shop: { constant: 'site' },
    external_id: { column: 'CustomerID', transforms: ['drop_decimal_zero'] },
    sku: 'StockCode',
    quantity: 'Quantity',
    price: 'UnitPrice',
  },
  returns: { column: 'InvoiceNo', starts_with: 'C' },
  skip: [{ column: 'UnitPrice', at_most: '0', reason: 'no price' }],
};

interface Reference {
  readonly datasets: Readonly<
    Record<string, { readonly basic: Readonly<Record<string, number | string>> } & Readonly<Record<string, never>>>
  >;
}

function basicOf(dataset: string): Readonly<Record<string, number | string>> {
  const reference = JSON.parse(readFileSync(`${data}reference.json`, 'utf8')) as Reference;
  return reference.datasets[dataset]?.basic ?? {};
}

let house: House;
beforeEach(async () => {
  house = await openHouse({ start: '2026-11-22T12:00' });
  await house.publish({
    tiers: { list: [{ code: 'base', name: { ru: 'Все', en: 'All' }, rank: 1, earn_rate: '5', conditions: null }] },
  });
  await house.shop('site');
});
afterEach(() => house.close());

/** What stands in the database afterwards, of members. */
async function imported(minorDigits: number): Promise<Record<string, number>> {
  const result = await house.foundation.db.pool.query<Record<string, bigint>>(
    `select count(*) as receipts, count(distinct member_id) as customers, sum(shelf)::bigint as sum,
       (select count(*) from checkout.receipt_line line join checkout.receipt sold using (member_id, receipt_id) where sold.has_member) as lines,
       (select sum(quantity)::bigint from checkout.receipt_line line join checkout.receipt sold using (member_id, receipt_id) where sold.has_member) as quantity
     from checkout.receipt where has_member and origin in ('import', 'replay')`,
  );
  const [row] = result.rows;
  return {
    customers: Number(row?.['customers']),
    receipts: Number(row?.['receipts']),
    lines: Number(row?.['lines']),
    quantity: Number(row?.['quantity']) / 1_000,
    revenue: Number(row?.['sum']) / 10 ** minorDigits,
  };
}

function figures(basic: Readonly<Record<string, number | string>>): Record<string, unknown> {
  const { customers, receipts, lines, quantity, revenue } = basic;
  return { customers, receipts, lines, quantity, revenue };
}

describe.skipIf(!isThere)('cdnow', () => {
  it('the sample of a tenth comes out as reference.json says', async () => {
    const one = await importFile(house, { mapping: cdnow, file: readFileSync(`${data}cdnow/CDNOW_sample.txt`) });
    expect(one).toMatchObject({ status: 'done', problems: [] });
    expect(await imported(2)).toEqual(figures(basicOf('cdnow_sample')));
  }, 60_000);

  it('one receipt a day of a member: the convention of lifetimes', async () => {
    const byDay: MappingInput = {
      ...cdnow,
      fields: { ...cdnow.fields, receipt_id: { columns: ['member', 'date'], join: '-' } },
    };
    const id = await sendFile(house, { mapping: byDay, file: readFileSync(`${data}cdnow/CDNOW_sample.txt`) });
    const { receipts, lines, customers, revenue } = basicOf('cdnow_sample_by_day');
    const { found } = await work(house, id, 'dry-run');
    expect(found).toMatchObject({
      receipts,
      accepted: lines,
      members: customers,
      members_new: customers,
      sum: Math.round(Number(revenue) * 100),
    });
  }, 60_000);

  it.skipIf(!isFull)(
    'all of it, replayed through the program',
    async () => {
      const one = await importFile(house, {
        mapping: cdnowMaster,
        file: readFileSync(`${data}cdnow/CDNOW_master.txt`),
        mode: 'replay',
      });
      expect(one).toMatchObject({ status: 'done', problems: [] });
      expect(await imported(2)).toEqual(figures(basicOf('cdnow_master')));
      expect(await house.auditProblems()).toEqual([]);
    },
    600_000,
  );
});

const sliceLines = 30_000;

async function sliceOfRetail(): Promise<string> {
  const lines: string[] = [];
  const input = createReadStream(`${data}online_retail_uci/online_retail.csv.gz`).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    lines.push(line);
    if (lines.length > sliceLines) break;
  }
  return `${lines.join('\n')}\n`;
}

/** The reference's definitions again, by another parser and other arithmetic: a sale has a member, a quantity and a price above zero. */
function expectedOf(slice: string): { sales: Record<string, number>; returns: Record<string, number>; nobody: number } {
  const rows = parse<Record<string, string>>(slice, { columns: true });
  const thousandths = (price: string) => Math.round(Number(price) * 1_000);
  const known = rows.filter((row) => row['CustomerID'] !== '' && Number(row['UnitPrice']) > 0);
  const totals = (list: Record<string, string>[]) => ({
    receipts: new Set(list.map((row) => `${row['CustomerID']} ${row['InvoiceNo']}`)).size,
    customers: new Set(list.map((row) => row['CustomerID'])).size,
    lines: list.length,
    quantity: list.reduce((sum, row) => sum + Number(row['Quantity']), 0),
    revenue: list.reduce((sum, row) => sum + Number(row['Quantity']) * thousandths(row['UnitPrice'] ?? ''), 0) / 1_000,
  });
  const anonymous = rows.filter(
    (row) => row['CustomerID'] === '' && Number(row['UnitPrice']) > 0 && Number(row['Quantity']) > 0,
  );
  return {
    sales: totals(known.filter((row) => Number(row['Quantity']) > 0)),
    returns: totals(known.filter((row) => Number(row['Quantity']) < 0)),
    nobody: new Set(anonymous.map((row) => row['InvoiceNo'])).size,
  };
}

async function returned(): Promise<Record<string, number>> {
  const result = await house.foundation.db.pool.query<Record<string, bigint>>(
    // A return of goods from several receipts is kept in parts: C536379, C536379#2 …
    `select count(distinct split_part(external_id, '#', 1)) as receipts, coalesce(sum(money_returned), 0)::bigint as money from checkout.return
     where member_id in (select member_id from standing.standing)`,
  );
  return { receipts: Number(result.rows[0]?.['receipts']), revenue: -Number(result.rows[0]?.['money']) / 1_000 };
}

describe.skipIf(!isThere)('UCI Online Retail', () => {
  it('a slice: sales, returns, lines of nobody', async () => {
    const slice = await sliceOfRetail();
    const expected = expectedOf(slice);
    const one = await importFile(house, { mapping: retail, file: slice, mode: 'replay' });
    expect(one).toMatchObject({ status: 'done', problems: [] });
    expect(await imported(3)).toEqual(expected.sales);
    expect(await returned()).toEqual({ receipts: expected.returns['receipts'], revenue: expected.returns['revenue'] });
    const nobody = await house.foundation.db.pool.query<{ count: bigint }>(
      'select count(*) as count from checkout.receipt where not has_member',
    );
    expect(Number(nobody.rows[0]?.count)).toBe(expected.nobody);
    expect(await house.auditProblems()).toEqual([]);
  }, 120_000);

  it.skipIf(!isFull)(
    'all 541,909 lines',
    async () => {
      const file = readFileSync(`${data}online_retail_uci/online_retail.csv.gz`);
      const one = await importFile(house, { mapping: retail, file, mode: 'replay' });
      expect(one).toMatchObject({ status: 'done', problems: [] });
      expect(await imported(3)).toEqual(figures(basicOf('uci_online_retail')));
      const { receipts, revenue } = await returned();
      expect({ receipts, revenue }).toEqual({ receipts: 3654, revenue: -611342.09 });
      expect(await house.auditProblems()).toEqual([]);
    },
    1_800_000,
  );
});
