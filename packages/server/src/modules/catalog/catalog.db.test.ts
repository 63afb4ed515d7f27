import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { statement } from '#platform/db.ts';
import { type CatalogRig, startCatalog } from '#test/catalog-rig.ts';
import { archiveProduct } from './service/archive-product.ts';
import { loadSnapshot } from './service/catalog-port.ts';
import type { CatalogDeps } from './service/deps.ts';
import { flagProducts } from './service/flag-products.ts';
import { deleteCategory, putCategory } from './service/put-category.ts';
import { closeShop, putShop } from './service/put-shop.ts';
import { categoryPage, productPage } from './service/read-catalog.ts';
import { putProduct, putProducts } from './service/save-products.ts';

const actor = { kind: 'cli', id: 'test', name: 'test' } as const;
const tea = '4006381333931';
let rig: CatalogRig;
let deps: CatalogDeps;

beforeAll(async () => {
  rig = await startCatalog({ feedFolder: '/nonexistent' });
  deps = rig.mount.importDeps;
  await putCategory(deps, { code: 'food', name: 'Еда' }, actor);
  await putCategory(deps, { code: 'tea', name: 'Чай', parentCode: 'food' }, actor);
});
afterAll(() => rig.end());

it('a product that was put is in the snapshot at once, by article, id, barcode and mark', async () => {
  const put = {
    sku: 'T1',
    fields: { name: 'Чай', price: money(500), categoryCode: 'tea', codes: [{ kind: 'barcode', value: tea }] },
  };
  const answer = await putProduct(deps, put, actor);
  const snapshot = rig.catalog.snapshot();
  const view = snapshot.productBySku('T1');
  expect(view).toMatchObject({ name: 'Чай', price: 500n, categories: ['food', 'tea'], legalClass: null });
  expect(answer.ok && snapshot.productById(answer.value.product.productId)).toBe(view);
  expect(snapshot.productByBarcode(tea)).toBe(view);
  expect(snapshot.productByBarcode(`01${tea.padStart(14, '0')}21serial`)).toBe(view);
  expect(await putProduct(deps, put, actor)).toMatchObject({ ok: true, value: { outcome: 'unchanged' } });
});

it('a batch answers each item; a refused one writes nothing', async () => {
  const codes = [{ kind: 'barcode', value: tea }];
  const answers = await putProducts(
    deps,
    [
      { sku: 'B1', fields: { name: 'B1', codes } },
      { sku: 'B2', fields: { name: 'B2' } },
      { sku: 'B3', fields: {} },
      { sku: 'B4', fields: { name: 'B4', categoryCode: 'none' } },
    ],
    actor,
  );
  expect(answers.map((one) => one.notes[0]?.code ?? one.outcome)).toEqual([
    'code_taken',
    'added',
    'name_missing',
    'unknown_category',
  ]);
  expect(rig.catalog.snapshot().productBySku('B1')).toBeNull();
  expect(rig.catalog.snapshot().productBySku('B2')).not.toBeNull();
});

describe('R13', () => {
  it('the legal class of a category reaches its products in memory, also those put later, and a move changes it', async () => {
    await putProduct(deps, { sku: 'S1', fields: { name: 'Сигареты', categoryCode: 'tea' } }, actor);
    await putCategory(deps, { code: 'smoke', name: 'Табак', legalClass: 'tobacco', noEarning: true }, actor);
    await putCategory(deps, { code: 'tea', parentCode: 'smoke' }, actor);
    expect(rig.catalog.snapshot().productBySku('S1')).toMatchObject({
      legalClass: 'tobacco',
      noEarning: true,
      categories: ['smoke', 'tea'],
    });
    await putProduct(deps, { sku: 'S2', fields: { name: 'Ещё', categoryCode: 'tea' } }, actor);
    expect(rig.catalog.snapshot().productBySku('S2')?.legalClass).toBe('tobacco');
    await putCategory(deps, { code: 'tea', parentCode: 'food' }, actor);
    expect(rig.catalog.snapshot().productBySku('S2')?.legalClass).toBeNull();
  });

  it('flags are set for a whole branch, counted first by a dry run', async () => {
    const command = { filter: { categoryCode: 'food' }, set: { noRedeeming: true, addTags: ['sale'] }, actor };
    expect(await flagProducts(deps, { ...command, dryRun: true })).toEqual({
      ok: true,
      value: { matched: 3, changed: 3 },
    });
    expect(rig.catalog.snapshot().productBySku('S1')?.noRedeeming).toBe(false);
    expect(await flagProducts(deps, { ...command, dryRun: false })).toEqual({
      ok: true,
      value: { matched: 3, changed: 3 },
    });
    expect(rig.catalog.snapshot().productBySku('S1')).toMatchObject({ noRedeeming: true, tags: ['sale'] });
    expect(await flagProducts(deps, { ...command, dryRun: false })).toMatchObject({ value: { changed: 0 } });
    expect(await flagProducts(deps, { ...command, filter: {}, dryRun: false })).toMatchObject({
      refusal: { code: 'filter_empty' },
    });
  });

  it('an archived product leaves the lists, and its restrictions stay for a till that still sells it', async () => {
    await putProduct(deps, { sku: 'X1', fields: { name: 'Кальян', legalClass: 'hookah' } }, actor);
    expect(await archiveProduct(deps, 'X1', actor)).toMatchObject({ ok: true, value: { archived: true } });
    expect(rig.catalog.snapshot().productBySku('X1')?.legalClass).toBe('hookah');
    const page = await productPage(rig.db, { search: 'кальян', archived: false }, { after: null, limit: 10 });
    expect(page.items).toEqual([]);
    expect(await archiveProduct(deps, 'nope', actor)).toMatchObject({ refusal: { code: 'product_not_found' } });
  });
});

it('finds by a part of the name in any case, the start of an article, a barcode; pages add up', async () => {
  const found = async (search: string) =>
    (await productPage(rig.db, { search }, { after: null, limit: 10 })).items.map((one) => one.sku);
  expect(await found('ЧАЙ')).toEqual(['T1']);
  expect(await found('S')).toEqual(['S1', 'S2']);
  expect(await found(tea)).toEqual(['T1']);
  expect(await found('%')).toEqual([]);
  const all = await productPage(rig.db, {}, { after: null, limit: 100 });
  const skus: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await productPage(rig.db, {}, { after, limit: 2 });
    skus.push(...page.items.map((one) => one.sku));
    if (page.next === null) break;
    after = page.next;
  }
  expect(skus).toEqual(all.items.map((one) => one.sku));
});

it('categories: circles and unknown parents are refused, only empty ones are removed', async () => {
  expect(await putCategory(deps, { code: 'food', parentCode: 'tea' }, actor)).toMatchObject({
    refusal: { code: 'category_circle' },
  });
  expect(await putCategory(deps, { code: 'a', name: 'A', parentCode: 'none' }, actor)).toMatchObject({
    refusal: { code: 'unknown_parent' },
  });
  expect(await deleteCategory(deps, 'food', actor)).toMatchObject({ refusal: { code: 'category_in_use' } });
  expect(await deleteCategory(deps, 'smoke', actor)).toMatchObject({ ok: true });
  const page = await categoryPage(rig.db, { after: null, limit: 1 });
  const rest = await categoryPage(rig.db, { after: page.next, limit: 10 });
  expect([...page.items, ...rest.items].map((one) => one.code)).toEqual(['food', 'tea']);
});

it('shops: zone and INN are checked, a closed one is found by id only', async () => {
  const shop = { code: 'm1', name: 'Магазин', zone: 'Asia/Yekaterinburg', channel: 'pos', inn: '7707083893' } as const;
  expect(await putShop(deps, { ...shop, zone: '+05:00' }, actor)).toMatchObject({
    refusal: { code: 'unknown_zone', field: '/zone' },
  });
  expect(await putShop(deps, { ...shop, inn: '7707083894' }, actor)).toMatchObject({ refusal: { code: 'bad_inn' } });
  expect(await putShop(deps, { code: 'm1', name: 'Магазин' }, actor)).toMatchObject({
    refusal: { code: 'field_missing', field: '/zone' },
  });
  const put = await putShop(deps, shop, actor);
  if (!put.ok) throw new Error(put.refusal.code);
  const view = rig.catalog.snapshot().shopByCode('m1');
  expect(view).toEqual({ ...shop, shopId: put.value.shopId, test: false });
  await closeShop(deps, 'm1', actor);
  expect(rig.catalog.snapshot().shopByCode('m1')).toBeNull();
  expect(rig.catalog.snapshot().shopById(put.value.shopId)).toEqual(view);
  expect(rig.catalog.snapshot().shops()).toEqual([]);
});

it('another process sees a change at its next refresh, and a snapshot in hand never changes', async () => {
  const other = await loadSnapshot(rig.db);
  const before = other.snapshot();
  await putProduct(deps, { sku: 'T1', fields: { price: money(777), codes: [] } }, actor);
  expect(other.snapshot()).toBe(before);
  await other.refresh();
  expect(other.snapshot().productBySku('T1')?.price).toBe(777n);
  expect(other.snapshot().productByBarcode(tea)).toBeNull();
  expect(before.productByBarcode(tea)?.price).toBe(500n);
  const same = other.snapshot();
  await other.refresh();
  expect(other.snapshot()).toBe(same);
});

it('parallel writers lose nothing: every change is in the next snapshot', async () => {
  const other = await loadSnapshot(rig.db);
  const puts = Array.from({ length: 40 }, (_, n) =>
    putProduct(deps, { sku: `P${n % 8}`, fields: { name: `P${n % 8}`, price: money(n) } }, actor),
  );
  const refreshes = Array.from({ length: 20 }, () => other.refresh());
  await Promise.all([...puts, ...refreshes]);
  await other.refresh();
  const fresh = (await loadSnapshot(rig.db)).snapshot();
  for (let n = 0; n < 8; n += 1) {
    expect(other.snapshot().productBySku(`P${n}`)).toEqual(fresh.productBySku(`P${n}`));
    expect(rig.catalog.snapshot().productBySku(`P${n}`)).toEqual(fresh.productBySku(`P${n}`));
  }
});

it('every change is in the audit log', async () => {
  const rows = await rig.db.run(
    statement<{ action: string }>('test.audit_actions', 'select distinct action from access.audit_entry order by 1'),
    [],
  );
  expect(rows.map((row) => row.action)).toEqual([
    'category.delete',
    'category.put',
    'product.archive',
    'product.batch',
    'product.flags',
    'product.put',
    'shop.close',
    'shop.put',
  ]);
});
