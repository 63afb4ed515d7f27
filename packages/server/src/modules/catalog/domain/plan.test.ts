import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { type Known, type ProductFields, type ProductItem, planProducts } from './plan.ts';
import type { Product } from './product.ts';

const now = Temporal.Instant.from('2026-11-22T10:00:00Z');
const later = now.add({ hours: 1 });
const tea = '4006381333931';

function item(sku: string, fields: ProductFields, more: Partial<ProductItem> = {}): ProductItem {
  return { sku, fields, externalId: null, variantOf: null, mode: 'upsert', ...more };
}

function plan(items: readonly ProductItem[], products: readonly Product[] = [], lenient = true) {
  let ids = 0;
  const known: Known = { products, categories: new Set(['tea']), brands: new Map([['bernina', 'Bernina']]) };
  const newId = () => {
    ids += 1;
    return `new-${products.length}-${ids}`;
  };
  return planProducts(items, known, { now: later, newId, lenient, sourceFeed: 'feed-1' });
}

function made(items: readonly ProductItem[]): readonly Product[] {
  return plan(items).save.map((product) => ({ ...product, updatedAt: now }));
}

const external = (value: string) => ({ kind: 'external:1c', value }) as const;

it('adds a product with what was given and cautious defaults for the rest', () => {
  const { items, save } = plan([item('T1', { name: 'Чай', price: money(500), brand: 'BERNINA', categoryCode: 'tea' })]);
  expect(items[0]?.outcome).toBe('added');
  expect(save[0]).toMatchObject({ sku: 'T1', price: 500n, brand: 'Bernina', categoryCode: 'tea', archived: false });
});

it('leaves alone what was left out, clears what is null, and sees when nothing changes', () => {
  const [before] = made([
    item('T1', { name: 'Чай', price: money(500), floorPrice: money(300), codes: [{ kind: 'barcode', value: tea }] }),
  ]);
  if (!before) throw new Error('no product');
  const changed = plan([item('T1', { price: null })], [before]);
  expect(changed.save).toEqual([{ ...before, price: null, updatedAt: later }]);
  const same = plan([item('T1', { name: 'Чай', codes: [{ kind: 'gtin', value: tea }] })], [before]);
  expect([same.items[0]?.outcome, same.save]).toEqual(['unchanged', []]);
});

it('R13: a feed never takes a flag or a legal class away', () => {
  const [before] = made([item('S1', { name: 'Сигареты', legalClass: 'tobacco', noEarning: true })]);
  if (!before) throw new Error('no product');
  const { save } = plan([item('S1', { name: 'Сигареты 20 шт', price: money(20_000) })], [before]);
  expect(save[0]).toMatchObject({ legalClass: 'tobacco', noEarning: true, name: 'Сигареты 20 шт' });
});

describe('codes', () => {
  const [owner] = made([item('A', { name: 'A', codes: [{ kind: 'barcode', value: tea }] })]);
  if (!owner) throw new Error('no product');
  const wants = item('B', { name: 'B', codes: [{ kind: 'barcode', value: tea }] });

  it('another product keeps its code: a feed goes on without it, a call is refused', () => {
    const feed = plan([wants], [owner]);
    expect(feed.items[0]).toMatchObject({ outcome: 'added', notes: [{ code: 'code_taken' }] });
    expect(feed.save[0]?.codes).toEqual([]);
    expect(plan([wants], [owner], false)).toMatchObject({ items: [{ outcome: 'refused' }], save: [] });
  });

  it('an archived product gives its code up', () => {
    const { save } = plan([wants], [{ ...owner, archived: true }]);
    expect(save.map((product) => [product.sku, product.codes.length])).toEqual([
      ['A', 0],
      ['B', 1],
    ]);
  });

  it('two items of one batch do not share a code', () => {
    const { items } = plan([
      item('C', { name: 'C', codes: [{ kind: 'barcode', value: 'X1' }] }),
      item('D', { name: 'D', codes: [{ kind: 'barcode', value: 'X1' }] }),
    ]);
    expect(items.map((one) => one.notes.length)).toEqual([0, 1]);
  });

  it('a wrong GTIN is told', () => {
    const { items } = plan([item('E', { name: 'E', codes: [{ kind: 'gtin', value: '123' }] })], [], false);
    expect(items[0]?.notes[0]).toMatchObject({ code: 'bad_gtin', field: '/codes' });
  });
});

describe('goods of 1C', () => {
  it('two with one article are two products, found again by their ids', () => {
    const items = [
      item('ART', { name: 'One' }, { externalId: external('guid-1') }),
      item('ART', { name: 'Two' }, { externalId: external('guid-2') }),
    ];
    const first = plan(items);
    expect(first.save.map((product) => product.sku)).toEqual(['ART', 'guid-2']);
    expect(first.items.map((one) => one.notes.map((note) => note.code))).toEqual([[], ['sku_taken']]);
    const again = plan(items, first.save);
    expect(again.items.map((one) => [one.outcome, one.notes.length])).toEqual([
      ['unchanged', 0],
      ['unchanged', 0],
    ]);
  });

  it('takes over a product that was known by its article', () => {
    const before = made([item('ART', { name: 'One' })]);
    const { items, save } = plan([item('ART', { name: 'One' }, { externalId: external('guid-1') })], before);
    expect([items[0]?.outcome, save[0]?.productId]).toEqual(['changed', before[0]?.productId]);
  });

  it('R13: a size is restricted as its product is, from its first second', () => {
    const base = made([
      item(
        'ART',
        { name: 'Кальян', legalClass: 'hookah', noPromotions: true, categoryCode: 'tea' },
        { externalId: external('g') },
      ),
    ]);
    const size = item('ART#s', { price: money(100) }, { externalId: external('g#s'), variantOf: external('g') });
    expect(plan([size], base).save[0]).toMatchObject({
      name: 'Кальян',
      legalClass: 'hookah',
      noPromotions: true,
      categoryCode: 'tea',
      variantOf: base[0]?.productId,
    });
  });

  it('a price of unknown goods makes no product', () => {
    const price = { ...item('', { price: money(1) }, { externalId: external('gone'), mode: 'update' }), sku: null };
    expect(plan([price])).toMatchObject({
      items: [{ outcome: 'refused', notes: [{ code: 'product_not_found' }] }],
      save: [],
    });
  });

  it('a price does not move goods to another feed or bring them back', () => {
    const [base] = made([item('ART', { name: 'A' }, { externalId: external('g') })]);
    if (!base) throw new Error('no product');
    const owned = { ...base, sourceFeed: 'goods', archived: true };
    const price = { ...item('', { price: money(7) }, { externalId: external('g'), mode: 'update' }), sku: null };
    expect(plan([price], [owned]).save[0]).toMatchObject({
      price: 7n,
      sourceFeed: 'goods',
      archived: true,
      sku: 'ART',
    });
  });

  it('goods marked as deleted are archived', () => {
    const base = made([item('ART', { name: 'A' }, { externalId: external('g') })]);
    const gone = { ...item('', {}, { externalId: external('g'), mode: 'archive' }), sku: null };
    expect(plan([gone], base).save[0]).toMatchObject({ archived: true, sku: 'ART' });
  });
});

it('a new product needs a name, a category must exist', () => {
  expect(plan([item('N', {})]).items[0]?.notes[0]?.code).toBe('name_missing');
  const lenient = plan([item('N', { name: 'N', categoryCode: 'nope' })]);
  expect(lenient.items[0]).toMatchObject({ outcome: 'added', notes: [{ code: 'unknown_category' }] });
  expect(plan([item('N', { name: 'N', categoryCode: 'nope' })], [], false).items[0]?.outcome).toBe('refused');
});
