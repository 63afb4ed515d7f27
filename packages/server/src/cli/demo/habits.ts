import { Temporal } from 'temporal-polyfill';
import { required } from '#kernel/assert.ts';
import type { ContentLine, ReplayItem, ReplaySale } from '#modules/checkout/index.ts';
import { type DemoProduct, demoProducts, demoShops } from './goods.ts';
import type { Draw } from './people.ts';

/** A receipt before its buyer has an id: `buyer` is the member's place, null: somebody without a card. */
export interface DemoReceipt {
  readonly at: Temporal.Instant;
  readonly buyer: number | null;
  readonly item: (memberId: string | null) => ReplayItem;
}

export interface Habits {
  /** The day somebody joins, from the first; below 0: before. */
  readonly joinsOn: number;
  readonly shop: string;
  readonly everyDays: number;
  /** Of the day, when they usually come. */
  readonly hour: number;
  readonly linesMost: number;
  /** Pays with points at every so many purchases; 0: saves them. */
  readonly spendsEvery: number;
  /** After this day they are not seen again. */
  readonly leavesOn: number;
}

export interface Span {
  /** The first local day. */
  readonly from: Temporal.PlainDate;
  readonly days: number;
}

const never = 100_000;

/** Some come every few days, most twice a month, many once; a fifth stop coming; every third never spends. */
export function habitsOf(place: number, span: Span, draw: Draw): Habits {
  const kind = draw(100);
  const everyDays = kind < 12 ? 3 + draw(5) : kind < 60 ? 9 + draw(20) : 30 + draw(90);
  const shop = demoShops[favourite(draw)]?.code ?? 'site';
  const habits = {
    joinsOn: draw(100) < 60 ? -1 - draw(700) : draw(span.days),
    shop,
    everyDays,
    hour: 9 + draw(11),
    linesMost: 2 + draw(6),
    spendsEvery: draw(3) === 0 ? 0 : 2 + draw(5),
    leavesOn: draw(100) < 20 ? draw(span.days) : never,
  };
  // The member of the printed example comes often, in the shop that the example names.
  return place === 0
    ? { ...habits, joinsOn: -30, shop: 'tverskaya', everyDays: 6, spendsEvery: 5, leavesOn: never }
    : habits;
}

function favourite(draw: Draw): number {
  const share = draw(100);
  if (share < 32) return 0;
  if (share < 55) return 1;
  if (share < 75) return 2;
  return share < 88 ? 3 : 4;
}

/** All receipts of the span in the order of time. `guests`: receipts without a card, a day and shop. */
export function receiptsOf(
  people: readonly Habits[],
  span: Span,
  { draw, guestsPerDay }: { draw: Draw; guestsPerDay: number },
): DemoReceipt[] {
  const days = dayStarts(span);
  const receipts: DemoReceipt[] = [];
  for (const [buyer, habits] of people.entries()) {
    let purchase = 0;
    let day = Math.max(habits.joinsOn, 0) + draw(habits.everyDays);
    while (day < span.days && day <= habits.leavesOn) {
      purchase += 1;
      // Now and then they are elsewhere: on the site, mostly.
      const shop = draw(10) === 0 ? 'site' : habits.shop;
      const at = momentOf(days, { shop, day, hour: habits.hour + draw(3) }, draw);
      const lines = basketOf(habits.linesMost, draw);
      const spends = habits.spendsEvery > 0 && purchase % habits.spendsEvery === 0;
      receipts.push(...saleOf({ id: `demo-${buyer}-${purchase}`, shop, at, buyer, lines, spends }, draw));
      day += 1 + Math.floor((habits.everyDays * (50 + draw(101))) / 100);
    }
  }
  for (const { code } of demoShops) {
    for (let day = 0; day < span.days; day += 1) {
      for (let count = 0; count < guestsPerDay; count += 1) {
        const at = momentOf(days, { shop: code, day, hour: 9 + draw(11) }, draw);
        const lines = basketOf(3, draw);
        const id = `demo-${code}-${day}-${count}`;
        receipts.push(...saleOf({ id, shop: code, at, buyer: null, lines, spends: false }, draw));
      }
    }
  }
  return receipts.sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds);
}

type DayStarts = ReadonlyMap<string, readonly number[]>;

/** Milliseconds of each local midnight by shop: zones are slow, and there are thousands of receipts. */
function dayStarts({ from, days }: Span): DayStarts {
  const byZone = new Map<string, readonly number[]>();
  for (const { zone } of demoShops) {
    if (byZone.has(zone)) continue;
    const starts = Array.from(
      { length: days },
      (_, day) => from.add({ days: day }).toZonedDateTime(zone).epochMilliseconds,
    );
    byZone.set(zone, starts);
  }
  return new Map(demoShops.map(({ code, zone }) => [code, byZone.get(zone) ?? []]));
}

const hourMs = 3_600_000;

function momentOf(
  days: DayStarts,
  when: { readonly shop: string; readonly day: number; readonly hour: number },
  draw: Draw,
): Temporal.Instant {
  const start = required(days.get(when.shop)?.[when.day], `day ${when.day} of ${when.shop}`);
  return Temporal.Instant.fromEpochMilliseconds(start + when.hour * hourMs + draw(3_600) * 1_000);
}

const shelfWeights = weightsUpTo(demoProducts);

function weightsUpTo(products: readonly DemoProduct[]): readonly number[] {
  let sum = 0;
  return products.map(({ weight }) => {
    sum += weight;
    return sum;
  });
}

function basketOf(linesMost: number, draw: Draw): ContentLine[] {
  const lines: ContentLine[] = [];
  const taken = new Set<string>();
  for (let left = 1 + draw(linesMost); left > 0; left -= 1) {
    const product = anyProduct(draw);
    if (taken.has(product.sku)) continue;
    taken.add(product.sku);
    const pieces = BigInt(draw(5) === 0 ? 2 : 1);
    lines.push({
      lineId: String(lines.length + 1),
      sku: product.sku,
      barcode: null,
      quantity: pieces * 1000n,
      sum: product.price * pieces,
      tillDiscount: 0n,
      kind: null,
    });
  }
  return lines;
}

function anyProduct(draw: Draw): DemoProduct {
  const wanted = (draw(65_536) / 65_536) * (shelfWeights.at(-1) ?? 0);
  let low = 0;
  let high = shelfWeights.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shelfWeights[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return required(demoProducts[low], 'a product of the demo');
}

interface Sale {
  readonly id: string;
  readonly shop: string;
  readonly at: Temporal.Instant;
  readonly buyer: number | null;
  readonly lines: readonly ContentLine[];
  readonly spends: boolean;
}

/** The purchase and, of every seventieth, the return of its first line within two days. */
function saleOf({ id, shop, at, buyer, lines, spends }: Sale, draw: Draw): DemoReceipt[] {
  const sum = lines.reduce((total, line) => total + line.sum, 0n);
  const sale = (memberId: string | null): ReplaySale => ({
    kind: 'sale',
    id,
    shopCode: shop,
    at,
    memberId,
    lines,
    // As many as the limit could let them: what they have not got is not taken.
    ...(spends ? { redeemedPoints: (sum * 30n) / 10_000n } : {}),
  });
  const receipts: DemoReceipt[] = [{ at, buyer, item: sale }];
  const [line] = lines;
  if (draw(70) !== 0 || line === undefined || line.sku === null) return receipts;
  const back = at.add({ hours: 3 + draw(45) });
  const { sku, quantity, sum: paid } = line;
  const item = (memberId: string | null): ReplayItem => ({
    kind: 'return',
    id: `${id}-back`,
    shopCode: shop,
    at: back,
    saleId: id,
    memberId,
    lines: [{ sku, quantity, sum: paid }],
  });
  return [...receipts, { at: back, buyer, item }];
}
