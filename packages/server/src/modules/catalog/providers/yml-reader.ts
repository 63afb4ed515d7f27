import type { FeedEvent, FeedItem, ReadOptions } from '../domain/feed.ts';
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
import { type Emit, readXml, type XmlHandler } from './xml-file.ts';

/** Yandex Market's YML: categories first, then offers with a name, or with typePrefix, vendor and model. */
export function readYml(file: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncGenerator<readonly FeedEvent[]> {
  return readXml(file, { bytesMax: options.bytesMax, handler: (emit) => ymlHandler(emit, options) });
}

interface Offer {
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
  readonly fields: Map<string, string>;
  readonly barcodes: string[];
  readonly params: [string, string][];
}

const kept = new Set([
  'price',
  'oldprice',
  'currencyId',
  'categoryId',
  'name',
  'title',
  'typePrefix',
  'vendor',
  'vendorCode',
  'model',
]);

function ymlHandler(emit: Emit, options: ReadOptions): XmlHandler {
  let offer: Offer | null = null;
  let offers = 0;
  let category: Readonly<Record<string, string>> = {};
  let param: Readonly<Record<string, string>> = {};
  const inOffer = (path: readonly string[]) => path.at(-2) === 'offer';
  return {
    open: ({ path, attributes, line }) => {
      const name = path.at(-1);
      if (path.length === 1 && name !== 'yml_catalog') {
        emit({ type: 'broken', line, code: 'not_yml', detail: `the root is ${name}, not yml_catalog` });
      } else if (name === 'category') category = attributes;
      else if (name === 'param') param = attributes;
      else if (name === 'offer') offer = { attributes, line, fields: new Map(), barcodes: [], params: [] };
    },
    close: ({ path, text, line }) => {
      const name = path.at(-1) ?? '';
      if (name === 'category' && path.at(-2) === 'categories') emitCategory(emit, category, { text, line });
      else if (name === 'offer' && offer !== null) {
        emitOffer(emit, offer, options);
        offers += 1;
        offer = null;
      } else if (name === 'yml_catalog' && offers > 0) emit({ type: 'whole', part: 'goods' });
      else if (offer === null || !inOffer(path)) return;
      else if (name === 'barcode') offer.barcodes.push(text);
      else if (name === 'param') offer.params.push([paramName(param), text]);
      else if (kept.has(name) && !offer.fields.has(name)) offer.fields.set(name, text);
    },
  };
}

function paramName(attributes: Readonly<Record<string, string>>): string {
  const { name = '', unit = '' } = attributes;
  return unit === '' ? name : `${name}, ${unit}`;
}

function emitCategory(
  emit: Emit,
  attributes: Readonly<Record<string, string>>,
  element: { readonly text: string; readonly line: number },
): void {
  const { id = '', parentId = '' } = attributes;
  const { line } = element;
  if (id === '' || id.length > 70) {
    emit({
      type: 'problem',
      line,
      item: null,
      code: 'id_missing',
      detail: 'a category needs an id of at most 70 characters',
    });
    return;
  }
  // "0" stands for no parent in many exports.
  const parentCode = parentId === '' || parentId === '0' || parentId === id ? null : parentId;
  const name = nameOf(element.text).slice(0, 300);
  emit({ type: 'category', line, category: { code: id, parentCode, name: name === '' ? id : name } });
}

function emitOffer(emit: Emit, offer: Offer, options: ReadOptions): void {
  const id = offer.attributes['id'] ?? '';
  const problem = problemAt(emit, offer.line, id === '' ? null : id);
  if (id === '' || id.length > idMax) {
    problem('id_missing', `an offer needs an id of at most ${idMax} characters`);
    return;
  }
  const vendorCode = offer.fields.get('vendorCode');
  const wanted = options.sku_from === 'vendor_code' && vendorCode ? vendorCode : id;
  if (wanted.length > skuMax) {
    problem('sku_too_long', `an article has at most ${skuMax} characters`);
    return;
  }
  const name = offerName(offer.fields);
  const item: FeedItem = {
    part: 'goods',
    sku: wanted,
    externalId: wanted === id ? null : id,
    variantOf: null,
    mode: 'upsert',
    fields: {
      name: name === '' ? undefined : name,
      categoryCode: offer.fields.get('categoryId'),
      brand: brandOf(offer.fields.get('vendor')),
      ...prices(offer.fields, options, problem),
      codes: codesOf(offer.barcodes),
      attributes: attributesOf(attributePairs(offer, wanted)),
    },
  };
  emit({ type: 'item', line: offer.line, item });
}

function attributePairs(offer: Offer, sku: string): [string, string][] {
  const { available, group_id: group } = offer.attributes;
  const vendorCode = offer.fields.get('vendorCode') ?? '';
  return [
    ...(available === 'false' ? [['available', 'false'] as [string, string]] : []),
    ...(group === undefined ? [] : [['group_id', group] as [string, string]]),
    ...(vendorCode === sku ? [] : [['vendor_code', vendorCode] as [string, string]]),
    ...offer.params,
  ];
}

function offerName(fields: ReadonlyMap<string, string>): string {
  const name = fields.get('name') ?? fields.get('title') ?? '';
  if (name !== '') return nameOf(name);
  const vendor = fields.get('vendor') ?? '';
  const model = fields.get('model') ?? '';
  const named = model.toLowerCase().startsWith(vendor.toLowerCase()) ? model : `${vendor} ${model}`;
  return nameOf(`${fields.get('typePrefix') ?? ''} ${named}`);
}

function prices(fields: ReadonlyMap<string, string>, options: ReadOptions, problem: Problem) {
  const price = fields.get('price');
  if (price === undefined || price === '') return {};
  const currency = fields.get('currencyId');
  if (!isCurrency(currency, options.currency)) {
    problem('foreign_currency', `prices in ${currency ?? ''} are not taken`);
    return {};
  }
  const oldPrice = fields.get('oldprice') ?? '';
  return {
    price: priceOf(price, problem),
    // A file that names a price and no old one says that there is no old one.
    regularPrice: oldPrice === '' ? null : priceOf(oldPrice, problem),
  };
}
