import type { FeedEvent, ReadOptions } from '../domain/feed.ts';
import { emitGoods, emitOffer, type Goods, newGoods, type PriceType } from './commerceml-items.ts';
import { nameOf } from './read-fields.ts';
import { type Emit, readXml, type XmlHandler } from './xml-file.ts';

/**
 * CommerceML 2 of 1C: import.xml (groups, goods), offers.xml and prices.xml (prices, and sizes or colours as "id#variant"); one file may hold
 * both. Ids are kept as external codes, so the second file finds what the first one made.
 */
export function readCommerceMl(
  file: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<readonly FeedEvent[]> {
  return readXml(file, { bytesMax: options.bytesMax, handler: (emit) => commerceMlHandler(emit, options) });
}

const propertyTextsMax = 200_000;

/** What the head of a file says, needed by the goods and offers below it. */
export interface Head {
  readonly properties: Map<string, string>;
  readonly propertyTexts: Map<string, string>;
  readonly priceTypes: PriceType[];
}

interface Reading {
  readonly emit: Emit;
  readonly options: ReadOptions;
  readonly head: Head;
  /** Ids of the groups that are open, the outermost first. */
  readonly groups: { id: string; name: string; emitted: boolean }[];
  goods: Goods | null;
  changesOnly: boolean;
  count: number;
  /** Ид and Наименование of the small thing being read: a property, a value, a price type. */
  pair: { id: string; text: string; currency: string };
}

const packages = new Set(['ПакетПредложений', 'ИзмененияПакетаПредложений']);

function commerceMlHandler(emit: Emit, options: ReadOptions): XmlHandler {
  const head: Head = { properties: new Map(), propertyTexts: new Map(), priceTypes: [] };
  const pair = { id: '', text: '', currency: '' };
  const reading: Reading = { emit, options, head, pair, groups: [], goods: null, changesOnly: true, count: 0 };
  return {
    open: (element) => open(reading, element),
    close: ({ path, text, line }) => {
      if (reading.goods !== null) closeInGoods(reading, reading.goods, { path, text });
      else closeInHead(reading, { path, text, line });
    },
  };
}

function open(reading: Reading, element: Parameters<XmlHandler['open']>[0]): void {
  const { path, attributes, line } = element;
  const name = path.at(-1) ?? '';
  if (path.length === 1 && name !== 'КоммерческаяИнформация') {
    reading.emit({
      type: 'broken',
      line,
      code: 'not_commerceml',
      detail: `the root is ${name}, not КоммерческаяИнформация`,
    });
  } else if (name === 'Каталог' || packages.has(name)) {
    // Without the word of the file that it is whole nothing may go missing.
    reading.changesOnly = attributes['СодержитТолькоИзменения'] !== 'false' || name === 'ИзмененияПакетаПредложений';
    reading.count = 0;
  } else if (reading.goods !== null) openInGoods(reading.goods, name, attributes);
  else if (
    (name === 'Товар' && path.at(-2) === 'Товары') ||
    (name === 'Предложение' && path.at(-2) === 'Предложения')
  ) {
    reading.goods = newGoods({
      offer: name === 'Предложение',
      line,
      depth: path.length,
      status: attributes['Статус'] ?? '',
    });
  } else if (name === 'Группа') {
    emitGroup(reading, line);
    reading.groups.push({ id: '', name: '', emitted: false });
  } else if (name === 'Свойство' || name === 'Справочник' || name === 'ТипЦены') {
    reading.pair = { id: '', text: '', currency: '' };
  }
}

function openInGoods(goods: Goods, name: string, attributes: Readonly<Record<string, string>>): void {
  if (name === 'Цена') goods.prices.push({ type: '', amount: '', currency: '' });
  else if (name === 'БазоваяЕдиница') goods.unitCode = (attributes['Код'] ?? '').trim();
  else if (/^(?:ЗначенияСвойства|ЗначениеРеквизита|ХарактеристикаТовара)$/.test(name)) {
    goods.pair = { id: '', name: '', text: '' };
  }
}

function closeInHead(
  reading: Reading,
  element: { readonly path: readonly string[]; readonly text: string; readonly line: number },
): void {
  const { path, text, line } = element;
  const name = path.at(-1) ?? '';
  const parent = path.at(-2) ?? '';
  const { head, pair } = reading;
  if (parent === 'Группа') {
    const group = reading.groups.at(-1);
    if (group && name === 'Ид') group.id = text;
    if (group && name === 'Наименование') group.name = text;
  } else if (name === 'Группа') {
    emitGroup(reading, line);
    reading.groups.pop();
  } else if (name === 'Ид' || name === 'ИдЗначения') pair.id = text;
  else if (name === 'Наименование' || name === 'Значение') {
    pair.text = text;
    // The name comes before the list of values, whose ids take its place.
    if (parent === 'Свойство') head.properties.set(pair.id, nameOf(text));
  } else if (name === 'Валюта') pair.currency = text;
  else if (name === 'Справочник' && head.propertyTexts.size < propertyTextsMax)
    head.propertyTexts.set(pair.id, pair.text);
  else if (name === 'ТипЦены' && parent === 'ТипыЦен') {
    head.priceTypes.push({ id: pair.id, name: pair.text, currency: pair.currency });
  } else if (name === 'ТипыЦен') checkPriceType(reading, line);
  else if ((name === 'Каталог' || packages.has(name)) && !reading.changesOnly && reading.count > 0) {
    reading.emit({ type: 'whole', part: name === 'Каталог' ? 'goods' : 'offers' });
  }
}

/** A group is told before those inside it, as soon as they begin or it ends. */
function emitGroup(reading: Reading, line: number): void {
  const group = reading.groups.at(-1);
  if (!group || group.emitted) return;
  group.emitted = true;
  if (group.id === '' || group.id.length > 70) {
    reading.emit({
      type: 'problem',
      line,
      item: null,
      code: 'id_missing',
      detail: 'a group needs an Ид of at most 70 characters',
    });
    return;
  }
  const name = nameOf(group.name).slice(0, 300);
  const parentCode = reading.groups.at(-2)?.id ?? null;
  reading.emit({
    type: 'category',
    line,
    category: { code: group.id, parentCode, name: name === '' ? group.id : name },
  });
}

function checkPriceType(reading: Reading, line: number): void {
  const wanted = reading.options.price_type;
  if (wanted === undefined || reading.head.priceTypes.some((type) => type.id === wanted || type.name === wanted))
    return;
  const detail = `there is no price type ${wanted} in the file: prices are not taken`;
  reading.emit({ type: 'problem', line, item: null, code: 'price_type_missing', detail });
}

function closeInGoods(
  reading: Reading,
  goods: Goods,
  element: { readonly path: readonly string[]; readonly text: string },
): void {
  const { path, text } = element;
  if (path.length === goods.depth) {
    if (goods.offer) emitOffer(reading.emit, goods, reading);
    else emitGoods(reading.emit, goods, reading);
    reading.count += 1;
    reading.goods = null;
    return;
  }
  const name = path.at(-1) ?? '';
  const parent = path.at(-2) ?? '';
  if (path.length === goods.depth + 1) closeChild(goods, name, text);
  else if (parent === 'Группы' && name === 'Ид') goods.groups.push(text);
  else if (parent === 'Изготовитель' && name === 'Наименование') goods.fields.set('Изготовитель', text);
  else if (parent === 'Цена') closeInPrice(goods, name, text);
  else if (name === 'Ид') goods.pair.id = text;
  else if (name === 'Наименование') goods.pair.name = text;
  else if (name === 'Значение') goods.pair.text = text;
  else if (name === 'ЗначенияСвойства') goods.properties.push([goods.pair.id, goods.pair.text]);
  else if (name === 'ЗначениеРеквизита' || name === 'ХарактеристикаТовара') {
    goods.requisites.push([goods.pair.name, goods.pair.text]);
  }
}

const children = new Set(['Ид', 'Артикул', 'Наименование', 'ПометкаУдаления', 'Статус', 'ТорговаяМарка']);

function closeChild(goods: Goods, name: string, text: string): void {
  if (name === 'Штрихкод') goods.barcodes.push(text);
  else if (children.has(name)) goods.fields.set(name, text);
}

function closeInPrice(goods: Goods, name: string, text: string): void {
  const price = goods.prices.at(-1);
  if (!price) return;
  if (name === 'ИдТипаЦены') price.type = text;
  else if (name === 'ЦенаЗаЕдиницу') price.amount = text;
  else if (name === 'Валюта') price.currency = text;
}
