import type { category, feedKind, product, putProductBody } from '@kopilka/contract/catalog';
import type { feed, feedRun } from '@kopilka/contract/catalog-feeds';
import type { shop } from '@kopilka/contract/catalog-shops';
import type { z } from 'zod';
import { type Money, money } from '#kernel/money.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { Category } from '../domain/categories.ts';
import type { FeedRun } from '../domain/feed.ts';
import type { ProductFields } from '../domain/plan.ts';
import type { Product } from '../domain/product.ts';
import type { Shop } from '../domain/shop.ts';
import type { Actor } from '../service/deps.ts';
import type { FeedWithRun } from '../service/feeds.ts';

export function actorOf(caller: Caller): Actor {
  return { kind: caller.kind, id: caller.id, name: caller.name };
}

export function presentProduct(one: Product): z.output<typeof product> {
  return {
    product_id: one.productId,
    sku: one.sku,
    name: one.name,
    category_code: one.categoryCode,
    brand: one.brand,
    kind: one.kind,
    unit: one.unit,
    price: one.price,
    regular_price: one.regularPrice,
    floor_price: one.floorPrice,
    no_earning: one.noEarning,
    no_redeeming: one.noRedeeming,
    no_promotions: one.noPromotions,
    legal_class: one.legalClass,
    volume_ml: one.volumeMl,
    codes: one.codes.map(({ kind, value }) => ({ kind, value })),
    attributes: { ...one.attributes },
    tags: [...one.tags],
    archived: one.archived,
    updated_at: one.updatedAt.toString(),
  };
}

export function presentCategory(one: Category): z.output<typeof category> {
  return {
    code: one.code,
    parent_code: one.parentCode,
    name: one.name,
    path: [...one.path],
    no_earning: one.noEarning,
    no_redeeming: one.noRedeeming,
    no_promotions: one.noPromotions,
    legal_class: one.legalClass,
    updated_at: one.updatedAt.toString(),
  };
}

export function presentShop(one: Shop): z.output<typeof shop> {
  return {
    shop_id: one.shopId,
    code: one.code,
    name: one.name,
    zone: one.zone,
    channel: one.channel,
    legal_name: one.legalName,
    inn: one.inn,
    kpp: one.kpp,
    address: one.address,
    test: one.test,
    active: one.active,
    updated_at: one.updatedAt.toString(),
  };
}

export function presentRun(run: FeedRun): z.output<typeof feedRun> {
  return {
    run_id: run.runId,
    status: run.status,
    started_at: run.startedAt.toString(),
    ended_at: run.endedAt?.toString() ?? null,
    ...run.counts,
    failure: run.failure,
  };
}

export function presentFeed({ feed: one, lastRun }: FeedWithRun): z.output<typeof feed> {
  const kind: z.output<typeof feedKind> = one.kind;
  return {
    kind,
    feed_id: one.feedId,
    code: one.code,
    name: one.name,
    source: one.source,
    options: one.options,
    schedule: one.schedule,
    zone: one.zone,
    active: one.active,
    due_at: one.dueAt?.toString() ?? null,
    updated_at: one.updatedAt.toString(),
    last_run: lastRun === null ? null : presentRun(lastRun),
  };
}

/** The wire's fields of a product as the plan takes them. */
export function readFields(body: z.output<typeof putProductBody>): ProductFields {
  return {
    name: body.name,
    categoryCode: body.category_code,
    brand: body.brand,
    kind: body.kind,
    unit: body.unit,
    price: moneyOf(body.price),
    regularPrice: moneyOf(body.regular_price),
    floorPrice: moneyOf(body.floor_price),
    noEarning: body.no_earning,
    noRedeeming: body.no_redeeming,
    noPromotions: body.no_promotions,
    legalClass: body.legal_class,
    volumeMl: body.volume_ml,
    codes: body.codes,
    attributes: body.attributes,
    tags: body.tags,
  };
}

function moneyOf(minorUnits: bigint | null | undefined): Money | null | undefined {
  return minorUnits === null || minorUnits === undefined ? minorUnits : money(minorUnits);
}
