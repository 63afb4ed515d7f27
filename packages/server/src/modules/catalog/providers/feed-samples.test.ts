import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FeedEvent, FeedKind } from '../domain/feed.ts';
import { feedReader } from './feed-reader.ts';

// Real feeds lie beside the repository, not in it. The counts are taken by another way of reading: searching the text.
const folder = fileURLToPath(new URL('../../../../../../../shared/data/catalog/', import.meta.url));
const there = existsSync(folder);
if (!there) process.stderr.write(`feed-samples: skipped, there is no ${folder}\n`);

async function read(kind: FeedKind, name: string): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  const options = { kind, currency: 'RUB', bytesMax: 1e9 };
  for await (const list of feedReader.read(createReadStream(folder + name), options)) events.push(...list);
  return events;
}

function searched(name: string, pattern: RegExp): string[] {
  return [...readFileSync(folder + name, 'utf8').matchAll(pattern)].map((match) => match[1] ?? match[0]);
}

function items(events: readonly FeedEvent[]) {
  return events.flatMap((event) => (event.type === 'item' ? [event.item] : []));
}

describe.skipIf(!there)('real feeds', () => {
  it('a shop’s YML: offers, categories and the sum of prices', async () => {
    const events = await read('yml', 'shop.yml.xml');
    const found = items(events);
    expect(found.map((item) => item.sku)).toEqual(searched('shop.yml.xml', /<offer id="(\d+)"/g));
    expect(events.filter((event) => event.type === 'category').length).toBe(
      searched('shop.yml.xml', /<category /g).length,
    );
    const prices = searched('shop.yml.xml', /<price>([\d.]+)<\/price>/g).map((text) => Math.round(Number(text) * 100));
    expect(found.map((item) => Number(item.fields.price ?? 0n))).toEqual(prices);
    expect(found.every((item) => (item.fields.name ?? '') !== '')).toBe(true);
    expect(events.filter((event) => event.type === 'problem' || event.type === 'broken')).toEqual([]);
  });

  it.each([['carono_import.xml'], ['dobromyslov_import0_1.xml']])(
    'goods of %s: ids, barcodes, groups',
    async (name) => {
      const events = await read('commerceml', name);
      const found = items(events);
      const ids = searched(name, /<Товар(?: [^>]*)?>\s*<Ид>([^<]+)</g);
      expect(found.map((item) => item.externalId)).toEqual(ids);
      const deleted = searched(name, /<Товар Статус="Удален">/g).length;
      expect(found.filter((item) => item.mode === 'archive').length).toBe(deleted);
      const barcodes = searched(name, /<Штрихкод>([^<]+)</g);
      expect(found.flatMap((item) => item.fields.codes?.map((code) => code.value) ?? [])).toEqual(barcodes);
      const groups = events.filter((event) => event.type === 'category').length;
      expect(groups).toBe(searched(name, /<Группа>/g).length);
      expect(events.filter((event) => event.type === 'problem' || event.type === 'broken')).toEqual([]);
    },
  );

  it.each([
    ['carono_offers.xml', 5, 0],
    ['dobromyslov_offers0_1.xml', 0, 44],
  ])('offers of %s: prices, sizes', async (name, variants, plain) => {
    const found = items(await read('commerceml', name));
    expect(found.map((item) => item.externalId)).toEqual(searched(name, /<Предложение>\s*<Ид>([^<]+)</g));
    expect([
      found.filter((item) => item.variantOf !== null).length,
      found.filter((item) => item.mode === 'update').length,
    ]).toEqual([variants, plain]);
    const prices = searched(name, /<ЦенаЗаЕдиницу>([^<]+)</g).map((text) => Math.round(Number(text) * 100));
    expect(found.flatMap((item) => (item.fields.price === undefined ? [] : [Number(item.fields.price)]))).toEqual(
      prices,
    );
  });
});
