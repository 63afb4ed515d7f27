import type { Money } from '#kernel/money.ts';
import type { FeedItem, ReadOptions } from '../domain/feed.ts';
import type { ProductFields } from '../domain/plan.ts';
import {
  attributesOf,
  brandOf,
  codesOf,
  idMax,
  isCurrency,
  nameOf,
  type Problem,
  priceOf,
  problemAt,
  skuMax,
} from './read-fields.ts';
import type { Emit } from './xml-file.ts';

export interface PriceType {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
}

/** One Товар or Предложение while it is read. */
export interface Goods {
  readonly offer: boolean;
  readonly line: number;
  readonly depth: number;
  readonly status: string;
  readonly fields: Map<string, string>;
  readonly groups: string[];
  readonly barcodes: string[];
  readonly properties: [string, string][];
  readonly requisites: [string, string][];
  readonly prices: { type: string; amount: string; currency: string }[];
  unitCode: string;
  pair: { id: string; name: string; text: string };
}

export function newGoods(start: Pick<Goods, 'offer' | 'line' | 'depth' | 'status'>): Goods {
  return {
    ...start,
    fields: new Map(),
    groups: [],
    barcodes: [],
    properties: [],
    requisites: [],
    prices: [],
    unitCode: '',
    pair: { id: '', name: '', text: '' },
  };
}

interface Around {
  readonly options: ReadOptions;
  readonly head: {
    readonly properties: ReadonlyMap<string, string>;
    readonly propertyTexts: ReadonlyMap<string, string>;
    readonly priceTypes: readonly PriceType[];
  };
}

/** Units of the all-Russian classifier that are weighed or poured: gram, kilogram, litre. */
const weightUnits = new Set(['163', '166', '112']);
const noAttribute = new Set(['ОписаниеФайла', 'Полное наименование', 'ТипНоменклатуры']);

export function emitGoods(emit: Emit, goods: Goods, around: Around): void {
  const id = idOf(emit, goods);
  if (id === null) return;
  const gone = isGone(goods);
  const fields = gone ? {} : goodsFields(goods, around);
  const sku = gone ? null : articleOf(goods, around.options, id);
  const item: FeedItem = {
    part: 'goods',
    sku,
    externalId: id,
    variantOf: null,
    mode: gone ? 'archive' : 'upsert',
    fields,
  };
  emit({ type: 'item', line: goods.line, item });
}

function idOf(emit: Emit, goods: Goods): string | null {
  const id = goods.fields.get('Ид') ?? '';
  if (id !== '' && id.length <= skuMax) return id;
  const problem = problemAt(emit, goods.line, id === '' ? null : id.slice(0, idMax));
  problem('id_missing', `goods need an Ид of at most ${skuMax} characters`);
  return null;
}

function isGone(goods: Goods): boolean {
  const status = goods.fields.get('Статус') ?? goods.status;
  return goods.fields.get('ПометкаУдаления') === 'true' || status.startsWith('Удал');
}

function articleOf(goods: Goods, options: ReadOptions, id: string): string {
  const article = (goods.fields.get('Артикул') ?? '').trim();
  return options.sku_from === 'id' || article === '' || article.length > skuMax ? id : article;
}

function goodsFields(goods: Goods, { head }: Around): ProductFields {
  const properties = goods.properties.map(
    ([id, value]) => [head.properties.get(id) ?? id, head.propertyTexts.get(value) ?? value] as const,
  );
  const requisites = goods.requisites.filter(([name]) => !noAttribute.has(name));
  const service = goods.requisites.some(([name, value]) => name === 'ТипНоменклатуры' && value === 'Услуга');
  return {
    name: nameOf(goods.fields.get('Наименование') ?? '') || undefined,
    categoryCode: goods.groups[0],
    brand: brandOf(goods.fields.get('ТорговаяМарка') ?? goods.fields.get('Изготовитель')),
    kind: service ? 'service' : 'goods',
    unit: weightUnits.has(goods.unitCode) ? 'weight' : 'piece',
    codes: codesOf(goods.barcodes),
    attributes: attributesOf([...properties, ...requisites]),
  };
}

/** An offer whose id is "goods#variant" is a product of its own; any other is a price of its goods. */
export function emitOffer(emit: Emit, goods: Goods, around: Around): void {
  const id = idOf(emit, goods);
  if (id === null) return;
  const problem = problemAt(emit, goods.line, id);
  const hash = id.indexOf('#');
  const gone = isGone(goods);
  const priced: ProductFields = { price: chosenPrice(goods, around, problem), codes: codesOf(goods.barcodes) };
  if (hash < 0) {
    const item: FeedItem = {
      part: 'offers',
      sku: null,
      externalId: id,
      variantOf: null,
      mode: 'update',
      fields: priced,
    };
    if (!gone) emit({ type: 'item', line: goods.line, item });
    return;
  }
  const article = articleOf(goods, around.options, id);
  const sku = article === id ? id : `${article}#${id.slice(hash + 1)}`;
  const name = nameOf(goods.fields.get('Наименование') ?? '') || undefined;
  const fields = gone ? {} : { ...priced, name, attributes: attributesOf(goods.requisites) };
  const item: FeedItem = {
    part: 'offers',
    sku: gone ? null : sku.length > skuMax ? id : sku,
    externalId: id,
    variantOf: id.slice(0, hash),
    mode: gone ? 'archive' : 'upsert',
    fields,
  };
  emit({ type: 'item', line: goods.line, item });
}

/** The price of the wanted type, else of the first type that the file names. */
function chosenPrice(goods: Goods, { options, head }: Around, problem: Problem): Money | undefined {
  if (goods.prices.length === 0) return undefined;
  const wanted = options.price_type;
  const type =
    wanted === undefined
      ? head.priceTypes[0]
      : (head.priceTypes.find((one) => one.id === wanted || one.name === wanted) ?? { id: wanted, currency: '' });
  const price = type === undefined ? goods.prices[0] : goods.prices.find((one) => one.type === type.id);
  if (!price) return undefined;
  const currency = price.currency === '' ? type?.currency : price.currency;
  if (isCurrency(currency, options.currency)) return priceOf(price.amount, problem);
  problem('foreign_currency', `prices in ${currency ?? ''} are not taken`);
  return undefined;
}
