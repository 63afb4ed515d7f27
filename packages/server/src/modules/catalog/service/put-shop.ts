import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import { isInn, isKpp, isZone, type Shop, type ShopChannel } from '../domain/shop.ts';
import { findShop, saveShop } from '../store/shop-store.ts';
import { lockVersion, writeVersion } from '../store/version-store.ts';
import { type Actor, audit, type CatalogDeps } from './deps.ts';

export interface PutShop {
  readonly code: string;
  readonly name?: string | undefined;
  readonly zone?: string | undefined;
  readonly channel?: ShopChannel | undefined;
  readonly legalName?: string | null | undefined;
  readonly inn?: string | null | undefined;
  readonly kpp?: string | null | undefined;
  readonly address?: string | null | undefined;
  readonly test?: boolean | undefined;
  readonly active?: boolean | undefined;
}

export interface PutShopRefusal {
  readonly code: 'field_missing' | 'unknown_zone' | 'bad_inn' | 'bad_kpp';
  readonly field: string;
}

export async function putShop(deps: CatalogDeps, put: PutShop, actor: Actor): Promise<Outcome<Shop, PutShopRefusal>> {
  const answer = await inTransaction(deps.db, async (tx): Promise<Outcome<Shop, PutShopRefusal>> => {
    await lockVersion(tx);
    const before = await findShop(tx, put.code);
    const decided = decideShop(put, before, deps.newId);
    if (!decided.ok) return decided;
    const shop = { ...decided.value, updatedAt: deps.clock.now() };
    await write(tx, shop);
    const subject = { kind: 'shop', id: put.code } as const;
    await audit(tx, deps, { actor, subject, before, action: 'shop.put', after: shop });
    return done(shop);
  });
  if (answer.ok) await deps.catalog.refresh();
  return answer;
}

function decideShop(
  put: PutShop,
  before: Shop | null,
  newId: () => string,
): Outcome<Omit<Shop, 'updatedAt'>, PutShopRefusal> {
  const name = put.name ?? before?.name;
  const zone = put.zone ?? before?.zone;
  const channel = put.channel ?? before?.channel;
  if (name === undefined) return refused({ code: 'field_missing', field: '/name' });
  if (zone === undefined) return refused({ code: 'field_missing', field: '/zone' });
  if (channel === undefined) return refused({ code: 'field_missing', field: '/channel' });
  if (!isZone(zone)) return refused({ code: 'unknown_zone', field: '/zone' });
  const inn = put.inn === undefined ? (before?.inn ?? null) : put.inn;
  const kpp = put.kpp === undefined ? (before?.kpp ?? null) : put.kpp;
  if (inn !== null && !isInn(inn)) return refused({ code: 'bad_inn', field: '/inn' });
  if (kpp !== null && !isKpp(kpp)) return refused({ code: 'bad_kpp', field: '/kpp' });
  return done({
    shopId: before?.shopId ?? newId(),
    code: put.code,
    name,
    zone,
    channel,
    inn,
    kpp,
    legalName: put.legalName === undefined ? (before?.legalName ?? null) : put.legalName,
    address: put.address === undefined ? (before?.address ?? null) : put.address,
    test: put.test ?? before?.test ?? false,
    active: put.active ?? before?.active ?? true,
  });
}

export async function closeShop(
  deps: CatalogDeps,
  code: string,
  actor: Actor,
): Promise<Outcome<Shop, { readonly code: 'shop_not_found' }>> {
  const answer = await inTransaction(deps.db, async (tx) => {
    await lockVersion(tx);
    const before = await findShop(tx, code);
    if (before === null) return refused({ code: 'shop_not_found' });
    const shop = { ...before, active: false, updatedAt: deps.clock.now() };
    await write(tx, shop);
    const subject = { kind: 'shop', id: code } as const;
    await audit(tx, deps, { actor, subject, before, action: 'shop.close', after: shop });
    return done(shop);
  });
  if (answer.ok) await deps.catalog.refresh();
  return answer;
}

async function write(tx: Tx, shop: Shop): Promise<void> {
  const version = await lockVersion(tx);
  const revision = version.revision + 1n;
  await saveShop(tx, shop);
  await writeVersion(tx, { ...version, revision, shopRevision: revision });
}
