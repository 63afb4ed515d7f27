// What the catalog bench prices: 3,000 products in 30 categories of 20 brands, a program as a marketer has it (tiers, rates, a dozen promotions),
// 2,000 members with points in a few lots.
import { putCategory, putProducts, putShop } from '../packages/server/src/modules/catalog/index.ts';
import { publishDraft, saveDraft } from '../packages/server/src/modules/program/index.ts';
import type { Foundation } from '../packages/server/src/platform/foundation.ts';
import type { Caller } from '../packages/server/src/platform/http/caller.ts';
import type { Ports } from '../packages/server/src/wiring/ports.ts';
import type { Kopilka } from '../packages/server/src/wiring.ts';
import { generateMembers, peopleOf } from '../packages/server/test/generate-members.ts';
import { givePoints } from './checkout-fill.ts';

const membersCount = 2_000;
const productsCount = 3_000;
const categoriesCount = 30;
const brandsCount = 20;
const seed = 5;
const batch = 500;

export const bencher: Caller = {
  ...{ kind: 'cli', id: 'bench', name: 'bench', integration: 'bench', shopIds: null, test: false },
  scopes: new Set(['admin']),
};

export interface Shelf {
  readonly skus: readonly string[];
  readonly phones: readonly string[];
}

export async function fillShelf({ db, clock, newId }: Foundation, kopilka: Kopilka, ports: Ports): Promise<Shelf> {
  const deps = { db, clock, newId, catalog: ports.catalog };
  await putShop(deps, { code: 'site', name: 'Site', zone: 'Europe/Moscow', channel: 'site' }, bencher);
  for (let number = 0; number < categoriesCount; number += 1)
    await putCategory(deps, { code: `c${number}`, name: `Category ${number}`, parentCode: null }, bencher);
  const skus = Array.from({ length: productsCount }, (_, number) => `SKU-${number}`);
  for (let from = 0; from < productsCount; from += batch)
    await putProducts(
      deps,
      skus.slice(from, from + batch).map((sku) => productOf(sku)),
      bencher,
    );
  const now = clock.now();
  await saveDraft(kopilka.program, { document, caller: bencher, now });
  const published = await publishDraft(kopilka.program, { comment: 'bench', caller: bencher, now });
  if (!published.ok) throw new Error(JSON.stringify(published.refusal));
  await generateMembers(db.pool, membersCount, seed);
  const people = [...peopleOf(membersCount, seed)];
  const memberIds = people.map((person) => person.memberId);
  for (let from = 0; from < membersCount; from += batch)
    await givePoints(db, memberIds.slice(from, from + batch), newId);
  await db.pool.query('vacuum analyze');
  return { skus, phones: people.map((person) => person.phone) };
}

function productOf(sku: string) {
  const number = Number(sku.slice(4));
  const fields = {
    ...{
      name: `Product ${number}`,
      categoryCode: `c${number % categoriesCount}`,
      brand: `Brand ${number % brandsCount}`,
    },
    price: BigInt(9_900 + (number % 97) * 1_300),
  };
  return { sku, fields } as Parameters<typeof putProducts>[1][number];
}

const named = (ru: string, en: string) => ({ ru, en });
const inCategory = (number: number) => ({ kind: 'line_match', products: { categories: [`c${number}`] } });

const document = {
  format: 1,
  name: 'bench',
  tiers: {
    list: [
      { code: 'base', name: named('Базовый', 'Base'), rank: 0, earn_rate: '3', redeem_rate: '30' },
      {
        ...{ code: 'gold', name: named('Золотой', 'Gold'), rank: 1, earn_rate: '7', redeem_rate: '50' },
        conditions: { all: [{ figure: 'money_paid', at_least: 5_000_000 }] },
      },
    ],
  },
  earning: {
    rates: [1, 2, 3, 4].map((number) => ({
      ...{ code: `rate-${number}`, rate: String(number + 5) },
      match: { products: { categories: [`c${number}`] } },
    })),
  },
  redeeming: { excluded: { categories: ['c7'] } },
  promotions: [
    ...[8, 9, 10, 11, 12].map((number) => ({
      ...{ code: `off-${number}`, name: `Off ${number}`, conditions: [inCategory(number)] },
      effects: [{ kind: 'percent_off', percent: String(number) }],
    })),
    ...[13, 14, 15, 16, 17].map((number) => ({
      ...{ code: `double-${number}`, name: `Double ${number}`, conditions: [inCategory(number)] },
      effects: [{ kind: 'earn_multiply', times: '2' }],
    })),
    {
      ...{ code: 'budget', name: 'While the budget lasts', effects: [{ kind: 'percent_off', percent: '5' }] },
      limits: { total_money: 9_000_000_000_000, per_member: 100_000 },
    },
    {
      ...{ code: 'basket', name: 'From 5,000', conditions: [{ kind: 'receipt_sum', from: 500_000 }] },
      effects: [{ kind: 'percent_off', percent: '10' }],
    },
  ],
};
