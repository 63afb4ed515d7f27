import { describe, expect, it } from 'vitest';
import type { FeedEvent, FeedKind, ReadOptions } from '../domain/feed.ts';
import { feedReader } from './feed-reader.ts';

type Overrides = Partial<Omit<ReadOptions, 'kind'>>;

async function read(kind: FeedKind, file: string | Uint8Array, options: Overrides = {}): Promise<FeedEvent[]> {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  // Torn into small chunks: letters of two bytes and tags are cut in the middle.
  const chunks = async function* () {
    for (let from = 0; from < bytes.length; from += 7) yield bytes.subarray(from, from + 7);
    await Promise.resolve();
  };
  const events: FeedEvent[] = [];
  for await (const list of feedReader.read(chunks(), { kind, currency: 'RUB', bytesMax: 1e9, ...options }))
    events.push(...list);
  return events;
}

function items(events: readonly FeedEvent[]) {
  return events.flatMap((event) => (event.type === 'item' ? [event.item] : []));
}

function problems(events: readonly FeedEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'problem' ? [`${event.line} ${event.code}`] : []));
}

function yml(offers: string, head = '<?xml version="1.0" encoding="UTF-8"?>'): string {
  return `${head}
<!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog date="2026-11-22 10:00"><shop>
<categories><category id="1">Чай</category><category id="2" parentId="1">Зелёный &amp; белый</category></categories>
<offers>
${offers}
</offers></shop></yml_catalog>`;
}

describe('YML', () => {
  it('reads a simple offer', async () => {
    const events = await read(
      'yml',
      yml(`<offer id="9" available="false" group_id="g1"><price>1 234,50</price><oldprice>1500</oldprice><currencyId>RUR</currencyId>
<categoryId>2</categoryId><name>Чай&nbsp;«Сенча» <![CDATA[<100 г>]]></name><vendor>Ti</vendor><vendorCode>S-1</vendorCode>
<barcode>4006381333931</barcode><barcode>A1, A2</barcode><param name="Вес" unit="г">100</param></offer>`),
    );
    expect(items(events)).toEqual([
      {
        part: 'goods',
        sku: '9',
        externalId: null,
        variantOf: null,
        mode: 'upsert',
        fields: {
          name: 'Чай «Сенча» <100 г>',
          categoryCode: '2',
          brand: 'Ti',
          price: 123_450n,
          regularPrice: 150_000n,
          codes: ['4006381333931', 'A1', 'A2'].map((value) => ({ kind: 'barcode', value })),
          attributes: { available: 'false', group_id: 'g1', vendor_code: 'S-1', 'Вес, г': '100' },
        },
      },
    ]);
    expect(events.filter((event) => event.type === 'category').map((event) => event.category)).toEqual([
      { code: '1', parentCode: null, name: 'Чай' },
      { code: '2', parentCode: '1', name: 'Зелёный & белый' },
    ]);
    expect(events.at(-1)).toEqual({ type: 'whole', part: 'goods' });
  });

  it.each([
    ['<typePrefix>Машина</typePrefix><vendor>Elna</vendor><model>1110</model>', 'Машина Elna 1110'],
    ['<vendor>Elna</vendor><model>Elna 1110</model>', 'Elna 1110'],
  ])('names a vendor.model offer %s', async (inside, name) => {
    const [item] = items(await read('yml', yml(`<offer id="1" type="vendor.model">${inside}</offer>`)));
    expect(item?.fields.name).toBe(name);
  });

  it('takes the article of the maker when told, and keeps the id', async () => {
    const [item] = items(
      await read('yml', yml('<offer id="1"><name>N</name><vendorCode>V-1</vendorCode></offer>'), {
        sku_from: 'vendor_code',
      }),
    );
    expect([item?.sku, item?.externalId]).toEqual(['V-1', '1']);
  });

  it('tells bad prices, foreign money and missing ids with their lines, and goes on', async () => {
    const events = await read(
      'yml',
      yml(`<offer id="1"><name>A</name><price>дорого</price></offer>
<offer id="2"><name>B</name><price>10</price><currencyId>USD</currencyId></offer>
<offer><name>C</name></offer>`),
    );
    expect(problems(events)).toEqual(['6 bad_price', '7 foreign_currency', '8 id_missing']);
    expect(items(events).map((item) => [item.sku, item.fields.price])).toEqual([
      ['1', undefined],
      ['2', undefined],
    ]);
  });

  it('reads windows-1251', async () => {
    const text = yml('<offer id="1"><name>X</name></offer>', '<?xml version="1.0" encoding="windows-1251"?>').replace(
      'X',
      '@@',
    );
    const bytes = Uint8Array.from(
      [...text].map((letter) => {
        const point = letter.codePointAt(0) ?? 0;
        return letter === 'ё' ? 0xb8 : point >= 0x410 && point <= 0x44f ? point - 0x410 + 0xc0 : point;
      }),
    );
    const at = text.indexOf('@@');
    bytes.set([0xdf, 0xff], at);
    const events = await read('yml', bytes);
    expect(items(events)[0]?.fields.name).toBe('Яя');
    expect(events[1]).toMatchObject({ category: { name: 'Зелёный & белый' } });
  });
});

describe('a file that cannot be read ends with one broken event', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE y [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<yml_catalog><shop><offers><offer id="1"><name>&b;</name></offer></offers></shop></yml_catalog>`;
  const outside =
    '<?xml version="1.0"?><!DOCTYPE y [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<yml_catalog>&x;</yml_catalog>';
  const undeclared = yml('<offer id="1"><name>&boom;</name></offer>');
  it.each([
    ['an entity bomb', bomb, 'entities_refused', 1],
    ['an outside entity', outside, 'entities_refused', 1],
    ['an entity nobody declared', undeclared, 'malformed_xml', 6],
    ['a torn file', yml('<offer id="1"><name>A</name></offer>').slice(0, -40), 'malformed_xml', 6],
    ['a tag closed by another', yml('<offer id="1"><name>A</offer>'), 'malformed_xml', 6],
    ['an empty file', '', 'malformed_xml', 1],
    ['another kind of XML', '<html></html>', 'not_yml', 1],
    ['too deep', `<yml_catalog>${'<a>'.repeat(70)}`, 'too_deep', 1],
    ['an unknown encoding', '<?xml version="1.0" encoding="klingon"?><yml_catalog/>', 'unknown_encoding', 1],
  ])('%s', async (_what, file, code, line) => {
    const events = await read('yml', file);
    const broken = events.filter((event) => event.type === 'broken');
    expect(broken.map((event) => [event.code, event.line])).toEqual([[code, line]]);
    expect(events.some((event) => event.type === 'whole')).toBe(false);
  });

  it('bytes that are not UTF-8, a file over its limit, a tag without an end', async () => {
    const bad = new TextEncoder().encode(yml('<offer id="1"/>'));
    bad[bad.length - 30] = 0xff;
    expect((await read('yml', bad)).at(-1)).toMatchObject({ type: 'broken', code: 'bad_encoding' });
    expect((await read('yml', yml(''), { bytesMax: 100 })).at(-1)).toMatchObject({ code: 'file_too_large' });
    const endless = async function* () {
      yield new TextEncoder().encode('<yml_catalog><shop><!--');
      const noise = new Uint8Array(1024 * 1024).fill(97);
      for (let mebibyte = 0; mebibyte < 8; mebibyte += 1) yield noise;
      await Promise.resolve();
      throw new Error('read on after the limit');
    };
    const events: FeedEvent[] = [];
    for await (const list of feedReader.read(endless(), { kind: 'yml', currency: 'RUB', bytesMax: 1e9 }))
      events.push(...list);
    expect(events).toMatchObject([{ type: 'broken', code: 'token_too_long' }]);
  });
});

function commerceMl(inside: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.07">${inside}</КоммерческаяИнформация>`;
}

const goods = (inside: string, changesOnly = 'false') =>
  commerceMl(`<Классификатор><Ид>k</Ид><Группы><Группа><Ид>g1</Ид><Наименование>Обувь</Наименование>
<Группы><Группа><Ид>g2</Ид><Наименование>Сапоги</Наименование></Группа></Группы></Группа></Группы>
<Свойства><Свойство><Ид>p1</Ид><Наименование>Линейка</Наименование><ВариантыЗначений>
<Справочник><ИдЗначения>v1</ИдЗначения><Значение>Осень</Значение></Справочник></ВариантыЗначений></Свойство></Свойства></Классификатор>
<Каталог СодержитТолькоИзменения="${changesOnly}"><Ид>k</Ид><Наименование>Каталог</Наименование><Товары>${inside}</Товары></Каталог>`);

const offers = (inside: string, changesOnly = 'false') =>
  commerceMl(`<ПакетПредложений СодержитТолькоИзменения="${changesOnly}"><Ид>k#</Ид><ТипыЦен>
<ТипЦены><Ид>t1</Ид><Наименование>Розничная</Наименование><Валюта>руб.</Валюта></ТипЦены>
<ТипЦены><Ид>t2</Ид><Наименование>Опт</Наименование><Валюта>RUB</Валюта></ТипЦены></ТипыЦен>
<Предложения>${inside}</Предложения></ПакетПредложений>`);

const price = (type: string, amount: string) =>
  `<Цена><ИдТипаЦены>${type}</ИдТипаЦены><ЦенаЗаЕдиницу>${amount}</ЦенаЗаЕдиницу></Цена>`;

describe('CommerceML', () => {
  it('reads groups and goods with barcodes, properties and requisites', async () => {
    const events = await read(
      'commerceml',
      goods(`<Товар><Ид>id-1</Ид><Штрихкод>2000018987155</Штрихкод><Артикул>Б-1</Артикул><Наименование>Сапоги</Наименование>
<БазоваяЕдиница Код="166 ">кг</БазоваяЕдиница><Группы><Ид>g2</Ид></Группы><Изготовитель><Ид>m</Ид><Наименование>Фабрика</Наименование></Изготовитель>
<ЗначенияСвойств><ЗначенияСвойства><Ид>p1</Ид><Значение>v1</Значение></ЗначенияСвойства></ЗначенияСвойств>
<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>ТипНоменклатуры</Наименование><Значение>Услуга</Значение></ЗначениеРеквизита>
<ЗначениеРеквизита><Наименование>ВидНоменклатуры</Наименование><Значение>Обувь</Значение></ЗначениеРеквизита></ЗначенияРеквизитов></Товар>`),
    );
    expect(events.flatMap((event) => (event.type === 'category' ? [event.category] : []))).toEqual([
      { code: 'g1', parentCode: null, name: 'Обувь' },
      { code: 'g2', parentCode: 'g1', name: 'Сапоги' },
    ]);
    expect(items(events)).toEqual([
      {
        part: 'goods',
        sku: 'Б-1',
        externalId: 'id-1',
        variantOf: null,
        mode: 'upsert',
        fields: {
          name: 'Сапоги',
          categoryCode: 'g2',
          brand: 'Фабрика',
          kind: 'service',
          unit: 'weight',
          codes: [{ kind: 'barcode', value: '2000018987155' }],
          attributes: { Линейка: 'Осень', ВидНоменклатуры: 'Обувь' },
        },
      },
    ]);
    expect(events.at(-1)).toEqual({ type: 'whole', part: 'goods' });
  });

  it('a file of changes archives only what it marks as deleted', async () => {
    const events = await read('commerceml', goods('<Товар Статус="Удален"><Ид>id-1</Ид></Товар>', 'true'));
    expect(items(events)).toMatchObject([{ externalId: 'id-1', mode: 'archive', fields: {} }]);
    expect(events.some((event) => event.type === 'whole')).toBe(false);
  });

  it('reads prices of goods and of their sizes', async () => {
    const file =
      offers(`<Предложение><Ид>id-1</Ид><Артикул>Б-1</Артикул><Цены>${price('t2', '90')}${price('t1', '1 719.00')}</Цены></Предложение>
<Предложение><Ид>id-1#s38</Ид><Артикул>Б-1</Артикул><Наименование>Сапоги (38)</Наименование><Цены>${price('t1', '100,5')}</Цены></Предложение>`);
    const events = await read('commerceml', file);
    expect(items(events)).toMatchObject([
      { part: 'offers', sku: null, externalId: 'id-1', mode: 'update', fields: { price: 171_900n } },
      {
        sku: 'Б-1#s38',
        externalId: 'id-1#s38',
        variantOf: 'id-1',
        mode: 'upsert',
        fields: { price: 10_050n, name: 'Сапоги (38)' },
      },
    ]);
    const wholesale = items(await read('commerceml', file, { price_type: 'Опт' }));
    expect(wholesale.map((item) => item.fields.price)).toEqual([9_000n, undefined]);
  });

  it('tells that the wanted price type is not there, and takes no other', async () => {
    const file = offers(`<Предложение><Ид>id-1</Ид><Цены>${price('t1', '5')}</Цены></Предложение>`);
    const events = await read('commerceml', file, { price_type: 'Интернет' });
    expect(problems(events).map((line) => line.split(' ')[1])).toEqual(['price_type_missing']);
    expect(items(events)[0]?.fields.price).toBeUndefined();
  });
});

describe('CSV', () => {
  const columns = {
    sku: 'Код',
    name: 'Товар',
    price: 'Цена',
    barcodes: 'ШК',
    legal_class: 'Класс',
    no_earning: 'Без баллов',
  } as const;

  it('reads by the mapping', async () => {
    const file =
      '\ufeffКод;Товар;Цена;ШК;Класс;Без баллов;Лишнее\n1;"Чай ""Сенча""; 100 г";1 234,5;4006381333931;;нет;x\n2;Сигареты;;;tobacco;да;\n';
    const events = await read('csv', file, { columns });
    expect(
      items(events).map((item) => [
        item.sku,
        item.fields.name,
        item.fields.price,
        item.fields.legalClass,
        item.fields.noEarning,
      ]),
    ).toEqual([
      ['1', 'Чай "Сенча"; 100 г', 123_450n, null, false],
      ['2', 'Сигареты', null, 'tobacco', true],
    ]);
    // A column that is not mapped is not touched.
    expect(items(events)[0]?.fields.floorPrice).toBeUndefined();
  });

  it('tells bad cells with their lines', async () => {
    const file = 'Код;Товар;Цена;ШК;Класс;Без баллов\n1;A;даром;;beer;maybe\n;B;1;;;\n';
    expect(problems(await read('csv', file, { columns }))).toEqual([
      '2 bad_price',
      '2 unknown_word',
      '2 unknown_word',
      '3 sku_missing',
    ]);
  });

  it('refuses a file without a mapped column, or with a quote that never ends', async () => {
    expect(await read('csv', 'A;B\n1;2\n', { columns })).toMatchObject([
      { type: 'broken', code: 'column_missing', line: 1 },
    ]);
    const torn = await read('csv', 'Код\n1\n"2', { columns: { sku: 'Код' } });
    expect(torn.at(-1)).toMatchObject({ type: 'broken', code: 'malformed_csv' });
    expect(torn.some((event) => event.type === 'whole')).toBe(false);
  });
});

it('reads a stream of offers in constant memory', async () => {
  const total = process.env['KOPILKA_TEST_FULL'] === '1' ? 200_000 : 30_000;
  const file = async function* () {
    await Promise.resolve();
    yield new TextEncoder().encode('<yml_catalog><shop><offers>');
    for (let n = 0; n < total; n += 100) {
      const block = Array.from(
        { length: 100 },
        (_, k) =>
          `<offer id="${n + k}"><price>1</price><name>N ${n + k}</name><description>${'слова '.repeat(60)}</description></offer>`,
      );
      yield new TextEncoder().encode(block.join('\n'));
    }
    yield new TextEncoder().encode('</offers></shop></yml_catalog>');
  };
  const before = process.memoryUsage().rss;
  let peak = before;
  let count = 0;
  for await (const list of feedReader.read(file(), { kind: 'yml', currency: 'RUB', bytesMax: 1e9 })) {
    count += list.filter((event) => event.type === 'item').length;
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  expect(count).toBe(total);
  expect((peak - before) / 1024 ** 2).toBeLessThan(150);
}, 60_000);
