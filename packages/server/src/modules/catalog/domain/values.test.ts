import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Category, categoryDepthMax, pathOf, placeCategories, reachOf } from './categories.ts';
import { mayArchive } from './feed.ts';
import { placeFeedCategories } from './feed-categories.ts';
import { layersOf, lookUp, withLayer } from './layers.ts';
import { parsePrice } from './price-text.ts';
import { isInn, isKpp, isZone } from './shop.ts';

const now = Temporal.Instant.from('2026-11-22T10:00:00Z');

describe('R1: prices are read without floating point', () => {
  it.each([
    ['1719', 171_900n],
    ['1 234,50', 123_450n],
    ["1'234.5", 123_450n],
    ['1\u00a0719', 171_900n],
    ['0.1', 10n],
    ['12.345', 1_235n],
    ['12.344', 1_234n],
    ['1719.0000', 171_900n],
    ['90071992547.41', 9_007_199_254_741n],
    ['', null],
    ['-5', null],
    ['1.2.3', null],
    ['1e3', null],
    ['free', null],
  ])('%s is %s kopecks', (text, kopecks) => {
    expect(parsePrice(text)).toBe(kopecks);
  });
});

it.each([
  ['Europe/Moscow', true],
  ['Asia/Yekaterinburg', true],
  ['UTC', true],
  ['+03:00', false],
  ['Europe/Atlantis', false],
  ['', false],
  ['Moscow; drop', false],
])('R3: zone %j: %j', (zone, good) => {
  expect(isZone(zone)).toBe(good);
});

it.each([
  ['7707083893', true],
  ['7707083894', false],
  ['500100732259', true],
  ['500100732258', false],
  ['12', false],
])('INN %j: %j', (inn, good) => {
  expect(isInn(inn)).toBe(good);
});

it('reads a KPP', () => {
  expect([isKpp('773601001'), isKpp('7736AB001'), isKpp('77360100')]).toEqual([true, true, false]);
});

function category(code: string, parentCode: string | null, more: Partial<Category> = {}): Category {
  const flags = { noEarning: false, noRedeeming: false, noPromotions: false, legalClass: null };
  return { code, parentCode, name: code, path: [], ...flags, updatedAt: now, ...more };
}

function tree(...categories: Category[]): Map<string, Category> {
  const placed = placeCategories(new Map(), categories);
  if ('category' in placed) throw new Error(placed.code);
  return new Map(placed.map((one) => [one.code, one]));
}

it('R13: flags and the legal class of a category reach everything below it', () => {
  const all = tree(
    category('food', null, { noPromotions: true }),
    category('smoke', 'food', { legalClass: 'tobacco', noEarning: true }),
    category('cigars', 'smoke'),
  );
  expect(reachOf(all, 'cigars')).toEqual({
    path: ['food', 'smoke', 'cigars'],
    noEarning: true,
    noRedeeming: false,
    noPromotions: true,
    legalClass: 'tobacco',
  });
  expect(reachOf(all, 'food').legalClass).toBeNull();
});

it('moves a whole branch, and refuses circles, unknown parents and depths', () => {
  const all = tree(category('a', null), category('b', 'a'), category('c', 'b'), category('z', null));
  const moved = placeCategories(all, [category('b', 'z')]);
  expect('category' in moved ? moved : moved.map((one) => one.path.join('/')).sort()).toEqual(['z/b', 'z/b/c']);
  expect(placeCategories(all, [category('a', 'c')])).toMatchObject({ code: 'category_circle' });
  expect(placeCategories(all, [category('q', 'none')])).toMatchObject({ code: 'unknown_parent' });
  const chain = new Map(Array.from({ length: categoryDepthMax + 1 }, (_, n) => [`${n}`, n === 0 ? null : `${n - 1}`]));
  expect(pathOf(chain, `${categoryDepthMax}`)).toEqual({ code: 'category_too_deep' });
});

it('takes a feed whose categories go in a circle or hang in the air, and keeps our flags', () => {
  const known = tree(category('smoke', null, { legalClass: 'tobacco' }));
  const given = [
    { code: 'smoke', parentCode: null, name: 'Табак' },
    { code: 'x', parentCode: 'y', name: 'X' },
    { code: 'y', parentCode: 'x', name: 'Y' },
    { code: 'lost', parentCode: 'gone', name: 'L' },
  ];
  const { placed, problems } = placeFeedCategories(known, given, now);
  expect(problems.map((problem) => `${problem.category} ${problem.code}`)).toEqual([
    'x category_circle',
    'lost unknown_parent',
  ]);
  expect(placed.map((one) => [one.code, one.parentCode, one.legalClass])).toEqual([
    ['smoke', null, 'tobacco'],
    ['x', null, null],
    ['y', 'x', null],
    ['lost', null, null],
  ]);
});

it('archives a few, or a share, and takes more for a torn file', () => {
  expect(mayArchive(20, 20, undefined)).toBe(true);
  expect(mayArchive(21, 100, undefined)).toBe(true);
  expect(mayArchive(31, 100, undefined)).toBe(false);
  expect(mayArchive(31, 100, 40)).toBe(true);
});

it('a layered map answers what a plain one would, and the older version stays', () => {
  const plain = new Map<string, number>();
  let layers = layersOf<number>(new Map());
  const first = withLayer(layers, new Map([['key 0', -1]]));
  layers = first;
  for (let round = 0; round < 60; round += 1) {
    const changes = new Map<string, number | null>();
    for (let n = 0; n < 100; n += 1) changes.set(`key ${(round * 67 + n) % 5_000}`, n % 7 === 0 ? null : round * n);
    for (const [key, value] of changes) {
      if (value === null) plain.delete(key);
      else plain.set(key, value);
    }
    layers = withLayer(layers, changes);
  }
  for (let n = 0; n < 5_000; n += 1) expect(lookUp(layers, `key ${n}`)).toBe(plain.get(`key ${n}`) ?? null);
  expect(layers.base.size).toBeGreaterThan(0);
  expect(lookUp(first, 'key 0')).toBe(-1);
});
