// Good calls of the routes of the program, the till and the imports.
import type { House } from '../house.ts';
import type { Calls } from './good-calls.ts';

const line = { line_id: '1', sku: 'CREAM', barcode: '4600000000015', name: 'Крем', quantity: 2000, sum: 200_000 };
export const sale = { shop: 'main', lines: [{ ...line, till_discount: 100, kind: 'goods' }] };

export const programDocument = {
  tiers: {
    list: [
      { code: 'base', name: { ru: 'Базовый', en: 'Base' }, rank: 0, earn_rate: '5', redeem_rate: '30' },
      {
        code: 'gold',
        name: { ru: 'Золото', en: 'Gold' },
        rank: 1,
        earn_rate: '10',
        redeem_rate: '50',
        by_hand_only: true,
      },
    ],
  },
  promotions: [
    {
      code: 'summer',
      name: 'Лето',
      effects: [{ kind: 'percent_off', percent: '10' }],
      needs_code: true,
      limits: { total_uses: 100 },
    },
    {
      code: 'sorry',
      name: 'Извинение',
      effects: [{ kind: 'earn_multiply', times: '2' }],
      needs_window: true,
    },
  ],
};

export async function programCalls(house: House, memberId: string): Promise<Calls> {
  await house.ok('POST', '/v1/promo-codes', { code: 'ЛЕТО', promotion: 'summer' });
  await house.ok('POST', '/v1/promo-codes', { code: 'ЗИМА', promotion: 'summer' });
  const pool = await house.ok('POST', '/v1/promo-codes/pools', { name: 'Пул', promotion: 'summer', count: 5 });
  await house.runDue();
  await house.ok('PUT', '/v1/program/draft', { document: { format: 1, name: 'two', ...programDocument } });
  const document = { format: 1, name: 'three', ...programDocument };
  return {
    'GET /v1/program': {},
    'GET /v1/program/versions': { query: { limit: '3' } },
    'GET /v1/program/versions/:version': { params: { version: '1' } },
    'GET /v1/program/draft': {},
    'PUT /v1/program/draft': { body: { document } },
    'POST /v1/program/draft/validate': { body: { document } },
    'POST /v1/program/publish': { body: { comment: 'вторая' } },
    'POST /v1/program/rollback': { body: { to: 1, comment: 'назад' } },
    'GET /v1/program/schema': {},
    'GET /v1/program/rule-kinds': {},
    'POST /v1/program/simulate': { body: { from: '2026-03-01', to: '2026-03-03', document, receipts_max: 100 } },
    'GET /v1/playbooks': {},
    'GET /v1/playbooks/:code': { params: { code: 'a-cosmetics-chain' } },
    'POST /v1/playbooks/:code/install': { params: { code: 'a-cosmetics-chain' }, body: { replace: true } },
    'POST /v1/promo-codes': {
      body: {
        code: 'МОЙ-КОД',
        promotion: 'summer',
        member_id: memberId,
        uses_max: 1,
        valid_until: '2026-12-31T00:00:00Z',
      },
    },
    'GET /v1/promo-codes/:code': { params: { code: 'ЛЕТО' } },
    'DELETE /v1/promo-codes/:code': { params: { code: 'ЗИМА' } },
    'POST /v1/promo-codes/pools': {
      body: { name: 'Второй', promotion: 'summer', count: 2, prefix: 'AB', length: 10, uses_max: 1 },
    },
    'GET /v1/promo-codes/pools/:poolId': { params: { poolId: pool['id'] } },
    'GET /v1/promo-codes/pools/:poolId/export': { params: { poolId: pool['id'] } },
    'GET /v1/promotions/limits': {},
  };
}

export function checkoutCalls(memberId: string): Calls {
  const cart = { ...sale, member: { phone: '+79160000001' }, promo_codes: ['ЛЕТО'], redeem: 10 };
  const fiscal = {
    drive: '9999078900001234',
    document: '1001',
    sign: '123456',
    sum: 200_000,
    line_ids: ['1'],
    purpose: 'sale',
  };
  const back = { shop: 'main', lines: [{ line_id: '1', quantity: 1000 }] };
  return {
    'POST /v1/checkout/quote': { body: { ...cart, at: '2026-03-02T09:00:00Z', hold_id: 'H-QUOTE' } },
    'POST /v1/checkout/hold': { body: { ...cart, id: 'G-HOLD', order: true } },
    'PUT /v1/checkout/hold': { body: { ...cart, promo_codes: [], id: 'H-EDIT' } },
    'POST /v1/checkout/confirm': {
      body: {
        ...cart,
        id: 'G-CONFIRM',
        paid: true,
        printed: { redeemed_points: 10, discount: 20_000 },
        fiscal: [fiscal],
        cashier: '2000000000015',
      },
    },
    'POST /v1/checkout/cancel': { body: { id: 'H-CANCEL', shop: 'main', reason: 'передумали' } },
    'POST /v1/checkout/return': {
      body: { ...back, id: 'R-1', receipt: { id: 'S-RETURN', shop: 'main' }, money_returned: 1 },
    },
    'POST /v1/checkout/exchange': {
      body: { return: { ...back, id: 'R-2', receipt: { id: 'S-EXCHANGE' } }, sale: { ...cart, id: 'G-EXCHANGE' } },
    },
    'POST /v1/checkout/receipts/batch': {
      body: {
        receipts: [
          { sale: { ...cart, id: 'G-BATCH', at: '2026-03-02T08:00:00Z' } },
          { return: { ...back, id: 'R-3', receipt: { id: 'S-RETURN' } } },
        ],
      },
    },
    'POST /v1/checkout/claim': { body: { member: { member_id: memberId }, receipt: { shop: 'main', id: 'S-CLAIM' } } },
    'POST /v1/checkout/fiscal': { body: { shop: 'main', id: 'S-FISCAL', fiscal: [{ ...fiscal, document: '1002' }] } },
    'POST /v1/checkout/day-check': {
      body: { shop: 'main', date: '2026-03-02', sales: { count: 4, sum: 1 }, returns: { count: 0, sum: 0 } },
    },
    'GET /v1/receipts/:shop/:id': { params: { shop: 'main', id: 'S-RETURN' } },
    'GET /v1/members/:memberId/receipts': { params: { memberId }, query: { limit: '2' } },
    'GET /v1/checkout/review': {},
    'POST /v1/checkout/review': { body: { integration: 'pos', shop: 'main', id: 'S-OLD', decision: 'reject' } },
    'POST /v1/catalog/calculate': {
      body: { shop: 'main', member: { member_id: memberId }, products: [{ sku: 'CREAM', price: 90_000 }] },
    },
  };
}

const shopsFile = 'code,name\nimported,Новый\n';

export async function importCalls(house: House): Promise<Calls> {
  const mapping = {
    kind: 'shops',
    fields: { code: 'code', name: 'name', zone: { constant: 'Europe/Moscow' }, channel: { constant: 'pos' } },
  };
  const begin = async (file?: string) => {
    const { import_id: importId } = await house.ok('POST', '/v1/imports', { kind: 'shops', mapping });
    if (file !== undefined) await house.sendBytes('PUT', `/v1/imports/${importId}/file`, file);
    return { params: { importId: importId as string } };
  };
  const done = await begin(shopsFile);
  await house.ok('POST', `/v1/imports/${done.params.importId}/run`);
  await house.runDue();
  return {
    'POST /v1/imports': { body: { kind: 'shops', mode: 'history', mapping, file_name: 'shops.csv' } },
    'PUT /v1/imports/:importId/file': { ...(await begin()), file: shopsFile },
    'POST /v1/imports/:importId/dry-run': await begin(shopsFile),
    'POST /v1/imports/:importId/run': await begin('code,name\nother,Другой\n'),
    'POST /v1/imports/:importId/stop': await begin(shopsFile),
    'POST /v1/imports/:importId/undo': done,
    'GET /v1/imports': { query: { limit: '1' } },
    'GET /v1/imports/:importId': done,
    'GET /v1/imports/:importId/problems': done,
    'GET /v1/exports/:kind': { params: { kind: 'members' } },
  };
}
