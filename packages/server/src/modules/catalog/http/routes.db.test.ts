import type { RouteContract } from '@kopilka/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { type CatalogRig, startCatalog } from '#test/catalog-rig.ts';

let rig: CatalogRig;
beforeAll(async () => {
  rig = await startCatalog({ feedFolder: '/nonexistent' });
});
afterAll(() => rig.end());

const caller = {
  kind: 'api_key',
  id: 'k1',
  name: 'site',
  integration: 'site',
  scopes: new Set(['catalog:write'] as const),
  shopIds: null,
  test: false,
} as const;

interface Ask {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** As the server does it: parsed by the contract, answered, written by the contract. */
async function call(route: string, ask: Ask = {}): Promise<unknown> {
  const mounted = rig.mount.routes.find(({ contract }) => `${contract.method} ${contract.path}` === route);
  if (!mounted) throw new Error(`no route ${route}`);
  const parse = (schema: z.ZodType | undefined, value: unknown) => schema?.parse(value);
  const { params, query, body, response, refusals }: RouteContract = mounted.contract;
  const answer = await mounted.handle({
    params: parse(params, ask.params),
    query: parse(query, ask.query ?? {}),
    body: parse(body, ask.body),
    caller,
    now: rig.clock.now(),
    requestId: 'r1',
    language: 'ru',
  } as never);
  if (answer.ok) return response.encode(answer.value);
  // A code the contract does not list would be a 500.
  expect(Object.keys(refusals)).toContain(answer.refusal.code);
  return answer.refusal;
}

it('products: put, read, list by pages, flag, archive', async () => {
  await call('PUT /v1/categories/:code', { params: { code: 'tea' }, body: { name: 'Чай' } });
  const body = {
    name: 'Сенча',
    category_code: 'tea',
    price: 12_345,
    floor_price: 10_000,
    codes: [{ kind: 'barcode', value: '4006381333931' }],
  };
  const put = await call('PUT /v1/products/:sku', { params: { sku: 'S-1' }, body });
  expect(put).toMatchObject({
    outcome: 'added',
    product: { price: 12_345, regular_price: null, codes: [{ kind: 'gtin', value: '04006381333931' }] },
  });
  expect(await call('GET /v1/products/:sku', { params: { sku: 'S-1' } })).toEqual(
    (put as { product: unknown }).product,
  );
  expect(await call('GET /v1/products/:sku', { params: { sku: 'S-9' } })).toMatchObject({ code: 'product_not_found' });
  expect(await call('PUT /v1/products/:sku', { params: { sku: 'S-2' }, body: { ...body, name: 'X' } })).toMatchObject({
    code: 'code_taken',
    field: '/codes',
  });
  const batch = await call('POST /v1/products/batch', {
    body: { items: [{ sku: 'S-2', name: 'Пуэр' }, { sku: 'S-3' }] },
  });
  expect(batch).toMatchObject({
    added: 1,
    refused: 1,
    results: [{ outcome: 'added' }, { code: 'name_missing', field: '/items/1/name' }],
  });
  const first = (await call('GET /v1/products', { query: { limit: '1' } })) as {
    items: { sku: string }[];
    next_cursor: string;
  };
  const second = (await call('GET /v1/products', { query: { limit: '1', cursor: first.next_cursor } })) as typeof first;
  expect([first, second].map((page) => page.items.map((item) => item.sku))).toEqual([['S-1'], ['S-2']]);
  expect(second.next_cursor).toBeNull();
  expect(await call('GET /v1/products', { query: { cursor: 'garbage' } })).toMatchObject({ code: 'bad_cursor' });
  const flag = { filter: { category_code: 'tea' }, set: { legal_class: 'alcohol' } };
  expect(await call('POST /v1/products/flags', { body: flag })).toEqual({ matched: 1, changed: 1 });
  expect(await call('DELETE /v1/products/:sku', { params: { sku: 'S-1' } })).toMatchObject({
    archived: true,
    legal_class: 'alcohol',
  });
});

it('categories, brands, shops', async () => {
  expect(await call('GET /v1/categories')).toMatchObject({
    items: [{ code: 'tea', path: ['tea'] }],
    next_cursor: null,
  });
  await call('PUT /v1/products/:sku', { params: { sku: 'B-1' }, body: { name: 'B', brand: 'Elna' } });
  expect(await call('GET /v1/brands')).toEqual({ items: [{ name: 'Elna', products: 1 }], next_cursor: null });
  const shop = { name: 'Магазин', zone: 'Europe/Moscow', channel: 'pos', legal_name: 'ООО' };
  expect(await call('PUT /v1/shops/:code', { params: { code: 'm1' }, body: shop })).toMatchObject({
    ...shop,
    active: true,
  });
  expect(await call('GET /v1/shops')).toMatchObject({ items: [{ code: 'm1' }] });
  expect(await call('DELETE /v1/shops/:code', { params: { code: 'm1' } })).toMatchObject({ active: false });
  expect(await call('DELETE /v1/shops/:code', { params: { code: 'm2' } })).toMatchObject({ code: 'shop_not_found' });
});

it('feeds: defined, queued, run, and what went wrong is told', async () => {
  const body = { name: 'Сайт', kind: 'yml', source: { kind: 'file', path: 'none.xml' } };
  expect(await call('PUT /v1/feeds/:code', { params: { code: 'site' }, body })).toMatchObject({
    last_run: null,
    due_at: null,
  });
  expect(await call('POST /v1/feeds/:code/run', { params: { code: 'site' } })).toMatchObject({
    due_at: rig.clock.now().toString(),
  });
  expect(await rig.mount.dueWork?.[0]?.runDue(rig.clock.now())).toBe(1);
  expect(await call('GET /v1/feeds/:code', { params: { code: 'site' } })).toMatchObject({
    last_run: { status: 'failed', failure: { code: 'file_missing' } },
  });
  const runs = (await call('GET /v1/feeds/:code/runs', { params: { code: 'site' } })) as {
    items: { run_id: string }[];
  };
  const params = { code: 'site', run_id: runs.items[0]?.run_id };
  expect(await call('GET /v1/feeds/:code/runs/:run_id/problems', { params })).toEqual({ items: [], next_cursor: null });
  expect(await call('GET /v1/feeds')).toMatchObject({ items: [{ code: 'site' }] });
});

it.each([
  ['PUT /v1/products/:sku', { params: { sku: 'x' }, body: { name: 'a\u0000b' } }],
  ['PUT /v1/products/:sku', { params: { sku: 'x' }, body: { name: 'x', price: -1 } }],
  ['PUT /v1/products/:sku', { params: { sku: 'x' }, body: { name: 'x', price: 1.5 } }],
  ['PUT /v1/products/:sku', { params: { sku: 'x' }, body: { name: 'x', typo: 1 } }],
  ['PUT /v1/products/:sku', { params: { sku: '' }, body: { name: 'x' } }],
  ['POST /v1/products/batch', { body: { items: Array.from({ length: 1_001 }, (_, n) => ({ sku: `${n}` })) } }],
  [
    'PUT /v1/feeds/:code',
    { params: { code: 'f' }, body: { name: 'F', kind: 'yml', source: { kind: 'url', url: 'ftp://x/y' } } },
  ],
  [
    'PUT /v1/feeds/:code',
    { params: { code: 'f' }, body: { name: 'F', kind: 'yml', source: { kind: 'url', url: 'https://a:b@x/y' } } },
  ],
])('%s refuses bad input before anything is asked of the database', async (route, ask) => {
  await expect(call(route, ask)).rejects.toThrow(
    /invalid|expected|too|match|refine|allowed|unrecognized|name and password/i,
  );
});
