import { money } from '#kernel/money.ts';
import type { Outcome } from '#kernel/outcome.ts';
import {
  type Actor,
  type ProductFields,
  type PutProduct,
  type PutShop,
  putProducts,
  putShop,
} from '#modules/catalog/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { FileImport } from '../domain/import.ts';
import { saveMade } from '../store/made-store.ts';
import type { StoredProblem } from '../store/problem-store.ts';
import { type StagedRow, stagedRowsAfter } from '../store/staged-rows.ts';
import { closeBatch, rowPlace } from './batch.ts';
import type { ImportsDeps } from './deps.ts';

const batchRows = 500;

type Text = (name: string) => string | undefined;

/**
 * Products and shops are put by article and code, so a batch that is put again changes nothing. They are not in the checkpoint's transaction, because the
 * catalog in memory must never be newer than what is committed; what will be new is noted before it is made.
 */
export async function applyProducts(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  const rows = await stagedRowsAfter(deps.db, rowPlace(one), batchRows);
  const last = rows.at(-1);
  if (!last) return null;
  const puts = rows.map((row) => productOf(textsOf(row)));
  const known = deps.catalog.catalog.snapshot();
  const fresh = puts.filter(({ sku }) => known.productBySku(sku) === null).map(({ sku }) => sku);
  await note(deps, one, 'product', fresh);
  const plans = await putProducts(deps.catalog, puts, one.requestedBy);
  const problems = rows.flatMap((row, index) => {
    const [refused] = plans[index]?.outcome === 'refused' ? (plans[index]?.notes ?? []) : [];
    return refused ? [{ rowNo: row.rowNo, code: refused.code, field: refused.field, detail: refused.detail }] : [];
  });
  return close(deps, one, { rows, problems, made: { products: rows.length - problems.length } });
}

export async function applyShops(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  const rows = await stagedRowsAfter(deps.db, rowPlace(one), batchRows);
  if (rows.length === 0) return null;
  const puts = rows.map((row) => shopOf(textsOf(row)));
  const known = deps.catalog.catalog.snapshot();
  const fresh = puts.filter(({ code }) => known.shopByCode(code) === null).map(({ code }) => code);
  await note(deps, one, 'shop', fresh);
  const problems: StoredProblem[] = [];
  for (const [index, put] of puts.entries()) {
    const answer: Outcome<unknown, { code: string; field: string }> = await putShop(deps.catalog, put, actorOf(one));
    if (!answer.ok) problems.push({ rowNo: rows[index]?.rowNo ?? 0, ...answer.refusal, detail: '' });
  }
  return close(deps, one, { rows, problems, made: { shops: rows.length - problems.length } });
}

function actorOf(one: FileImport): Actor {
  return one.requestedBy;
}

function note(deps: ImportsDeps, one: FileImport, kind: 'product' | 'shop', ids: readonly string[]): Promise<void> {
  const made = [...new Set(ids)].map((objectId) => ({ kind, objectId, memberId: null }));
  return inTransaction(deps.db, (tx) => saveMade(tx, one.importId, made));
}

interface CatalogBatch {
  readonly rows: readonly StagedRow[];
  readonly problems: readonly StoredProblem[];
  readonly made: Readonly<Record<string, number>>;
}

function close(deps: ImportsDeps, one: FileImport, { rows, problems, made }: CatalogBatch): Promise<FileImport> {
  const checkpoint = { after: String(rows.at(-1)?.rowNo ?? 0) };
  return inTransaction(deps.db, (tx) =>
    closeBatch(tx, deps, one, { made, problems, checkpoint, finished: rows.length }),
  );
}

function textsOf(row: StagedRow): Text {
  const record = JSON.parse(row.record) as Readonly<Record<string, string | boolean | undefined>>;
  return (name) => (record[name] === undefined ? undefined : String(record[name]));
}

function productOf(text: Text): PutProduct {
  const price = (name: string) => (text(name) === undefined ? undefined : money(BigInt(text(name) ?? '0')));
  const flag = (name: string) => (text(name) === undefined ? undefined : text(name) === 'true');
  const barcode = text('barcode');
  return {
    sku: text('sku') ?? '',
    fields: {
      name: text('name'),
      categoryCode: text('category'),
      brand: text('brand'),
      kind: text('product_kind') as ProductFields['kind'],
      price: price('price'),
      regularPrice: price('regular_price'),
      floorPrice: price('floor_price'),
      noEarning: flag('no_earning'),
      noRedeeming: flag('no_redeeming'),
      legalClass: text('legal_class') as ProductFields['legalClass'],
      codes: barcode === undefined ? undefined : [{ kind: 'barcode', value: barcode }],
    },
  };
}

function shopOf(text: Text): PutShop {
  return {
    code: text('code') ?? '',
    name: text('name'),
    zone: text('zone'),
    channel: text('channel') as PutShop['channel'],
    legalName: text('legal_name'),
    inn: text('inn'),
    kpp: text('kpp'),
    address: text('address'),
  };
}
