import { parse } from 'csv-parse';
import type { CsvField, FeedEvent, FeedItem, ReadOptions } from '../domain/feed.ts';
import type { ProductFields } from '../domain/plan.ts';
import { legalClasses, productKinds, productUnits } from '../domain/product.ts';
import { BrokenFile, decoded } from './file-text.ts';
import {
  attributesOf,
  brandOf,
  codesOf,
  idMax,
  nameOf,
  type Problem,
  priceOf,
  problemAt,
  skuMax,
} from './read-fields.ts';

const recordMax = 256 * 1024;
const rowsAtOnce = 500;

/** A table with a heading line; the mapping says which column holds what. Columns that are not mapped are left alone. */
export async function* readCsv(
  file: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<readonly FeedEvent[]> {
  let events: FeedEvent[] = [];
  const emit = (event: FeedEvent) => events.push(event);
  let rows = 0;
  const parser = parse({
    delimiter: options.delimiter ?? ';',
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: recordMax,
  });
  const fed = feed(parser, decoded(file, { bytesMax: options.bytesMax, encoding: () => options.encoding ?? 'utf-8' }));
  try {
    let heading: readonly string[] | null = null;
    for await (const row of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const { record, info } = row;
      if (heading === null) {
        heading = record;
        checkHeading(heading, options);
        continue;
      }
      emitRow(emit, { heading, record, line: info.lines }, options);
      rows += 1;
      if (events.length < rowsAtOnce) continue;
      yield events;
      events = [];
    }
    await fed;
    if (rows > 0) emit({ type: 'whole', part: 'goods' });
  } catch (error) {
    emit(brokenBy(error));
  }
  if (events.length > 0) yield events;
}

async function feed(parser: ReturnType<typeof parse>, texts: AsyncIterable<string>): Promise<void> {
  try {
    for await (const text of texts) {
      if (!parser.write(text)) await new Promise((resolve) => parser.once('drain', resolve));
      if (parser.destroyed) return;
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function brokenBy(error: unknown): FeedEvent {
  if (error instanceof BrokenFile) return { type: 'broken', line: error.line, code: error.code, detail: error.message };
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) {
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : null;
    return { type: 'broken', line, code: 'malformed_csv', detail: error.message };
  }
  throw error;
}

function checkHeading(heading: readonly string[], options: ReadOptions): void {
  for (const [field, column] of Object.entries(options.columns ?? {})) {
    if (heading.includes(column)) continue;
    throw new BrokenFile(
      'column_missing',
      `there is no column "${column}" for ${field}; there are: ${heading.join(', ')}`,
      1,
    );
  }
}

function emitRow(
  emit: (event: FeedEvent) => void,
  row: { readonly heading: readonly string[]; readonly record: readonly string[]; readonly line: number },
  options: ReadOptions,
): void {
  const cell = (field: CsvField): string | undefined => {
    const column = options.columns?.[field];
    return column === undefined ? undefined : (row.record[row.heading.indexOf(column)] ?? '').replaceAll('\u0000', '');
  };
  const sku = cell('sku') ?? '';
  const problem = problemAt(emit, row.line, sku === '' ? null : sku.slice(0, idMax));
  if (sku === '' || sku.length > skuMax) {
    problem('sku_missing', `an article has 1 to ${skuMax} characters`);
    return;
  }
  const externalId = cell('external_id')?.slice(0, idMax) ?? '';
  const category = cell('category_code');
  const categoryName = cell('category_name');
  if (category !== undefined && category !== '' && categoryName !== undefined && categoryName !== '') {
    const code = category.slice(0, 70);
    emit({
      type: 'category',
      line: row.line,
      category: { code, parentCode: null, name: nameOf(categoryName).slice(0, 300) },
    });
  }
  const fields = rowFields(cell, problem);
  const item: FeedItem = {
    part: 'goods',
    mode: 'upsert',
    variantOf: null,
    sku,
    externalId: externalId === '' || externalId === sku ? null : externalId,
    fields: {
      ...fields,
      categoryCode: category === undefined ? undefined : category === '' ? null : category.slice(0, 70),
    },
  };
  emit({ type: 'item', line: row.line, item });
}

type Cell = (field: CsvField) => string | undefined;

function rowFields(cell: Cell, problem: Problem): ProductFields {
  const price = (field: CsvField) => {
    const text = cell(field);
    // A column that is there and empty says: no price.
    return text === undefined ? undefined : text === '' ? null : priceOf(text, problem);
  };
  const brand = cell('brand');
  const barcodes = cell('barcodes');
  const volume = cell('volume_ml');
  const tags = cell('tags');
  return {
    name: nameOf(cell('name') ?? '') || undefined,
    brand: brand === undefined ? undefined : (brandOf(brand) ?? null),
    price: price('price'),
    regularPrice: price('regular_price'),
    floorPrice: price('floor_price'),
    codes: barcodes === undefined ? undefined : (codesOf([barcodes]) ?? []),
    legalClass: oneOf(cell('legal_class'), legalClasses, { problem, empty: null }),
    kind: oneOf(cell('kind'), productKinds, { problem, empty: undefined }),
    unit: oneOf(cell('unit'), productUnits, { problem, empty: undefined }),
    volumeMl: volume === undefined ? undefined : volume === '' ? null : wholeNumber(volume, problem),
    noEarning: yesNo(cell('no_earning'), problem),
    noRedeeming: yesNo(cell('no_redeeming'), problem),
    noPromotions: yesNo(cell('no_promotions'), problem),
    tags:
      tags === undefined
        ? undefined
        : Object.keys(attributesOf(tags.split(/[,;|]/).map((tag) => [tag.trim().slice(0, 60), '1']))).slice(0, 50),
  };
}

function oneOf<Word extends string, Empty>(
  text: string | undefined,
  words: readonly Word[],
  reading: { readonly problem: Problem; readonly empty: Empty },
): Word | Empty | undefined {
  if (text === undefined) return undefined;
  if (text === '') return reading.empty;
  const found = words.find((word) => word === text.toLowerCase());
  if (found === undefined) reading.problem('unknown_word', `"${text.slice(0, 40)}" is none of ${words.join(', ')}`);
  return found;
}

const yes = new Set(['1', 'true', 'yes', 'да', 'y', '+']);
const no = new Set(['', '0', 'false', 'no', 'нет', 'n', '-']);

function yesNo(text: string | undefined, problem: Problem): boolean | undefined {
  if (text === undefined) return undefined;
  const word = text.toLowerCase();
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  problem('unknown_word', `"${text.slice(0, 40)}" is neither yes nor no`);
  return undefined;
}

function wholeNumber(text: string, problem: Problem): number | undefined {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  problem('bad_number', `"${text.slice(0, 40)}" is not a whole number`);
  return undefined;
}
