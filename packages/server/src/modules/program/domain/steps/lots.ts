import { points } from '#kernel/points.ts';
import { splitWithCaps } from '#kernel/split.ts';
import type { SpendableLot } from '../cart.ts';
import { productMatcher } from '../match.ts';
import type { LotSpend } from '../quote-result.ts';
import type { Worksheet } from '../worksheet.ts';

export interface Allocation {
  /** In the order of the lots (R8). */
  readonly spends: readonly LotSpend[];
  /** Whole points each line may take so that these very lots can pay it. */
  readonly caps: readonly bigint[];
}

interface LineLimits {
  readonly weights: readonly bigint[];
  readonly caps: readonly bigint[];
}

/** Takes lots in R8's order, each as far as lines it may pay for have room; an earlier lot makes way on a line when it can pay for another. */
export function allocate(sheet: Worksheet, wanted: bigint, { weights, caps }: LineLimits): Allocation {
  const lots = usableLots(sheet, caps);
  if (lots.every(({ lines }) => lines === null)) return { spends: inOrder(lots, wanted), caps };
  const buckets = bucketsOf(lots, caps);
  const flow = lots.map(() => buckets.map(() => 0n));
  const room = buckets.map(({ cap }) => cap);
  const spends: LotSpend[] = [];
  let left = wanted;
  for (const [index, { lot }] of lots.entries()) {
    const most = lot.spendable < left ? lot.spendable : left;
    const taken = push({ flow, room, reach: buckets.map(({ reach }) => reach) }, index, most);
    if (taken > 0n) spends.push({ lotId: lot.lotId, points: points(taken) });
    left -= taken;
    if (left === 0n) break;
  }
  const amounts = flow.map((row) => row.reduce((sum, amount) => sum + amount, 0n));
  return { spends, caps: capsOf({ buckets, amounts }, { weights, caps }) };
}

interface UsableLot {
  readonly lot: SpendableLot;
  /** Which lines it may pay for; null: every one. */
  readonly lines: readonly boolean[] | null;
}

function usableLots(sheet: Worksheet, caps: readonly bigint[]): UsableLot[] {
  const receipt = sheet.lines.reduce((sum, line) => sum + line.price, 0n);
  const { shop, member } = sheet.scene;
  return (member?.lots ?? []).flatMap((lot): UsableLot[] => {
    const { restriction } = lot;
    if (restriction === null) return [{ lot, lines: null }];
    if (restriction.shops?.includes(shop.code) === false) return [];
    if (restriction.channels?.includes(shop.channel) === false) return [];
    if (restriction.least_receipt !== undefined && receipt < BigInt(restriction.least_receipt)) return [];
    if (restriction.products === undefined) return [{ lot, lines: null }];
    const matches = productMatcher(restriction.products);
    const lines = sheet.lines.map((line, index) => (caps[index] ?? 0n) > 0n && matches(line) > 0);
    return lines.includes(true) ? [{ lot, lines }] : [];
  });
}

function inOrder(lots: readonly UsableLot[], wanted: bigint): LotSpend[] {
  const spends: LotSpend[] = [];
  let left = wanted;
  for (const { lot } of lots) {
    if (left === 0n) break;
    const taken = lot.spendable < left ? lot.spendable : left;
    if (taken > 0n) spends.push({ lotId: lot.lotId, points: points(taken) });
    left -= taken;
  }
  return spends;
}

/** Lines that the same lots may pay for are one bucket: receipts are long, kinds of restriction few. */
interface Bucket {
  readonly lines: number[];
  readonly reach: readonly boolean[];
  cap: bigint;
}

function bucketsOf(lots: readonly UsableLot[], caps: readonly bigint[]): Bucket[] {
  const buckets = new Map<string, Bucket>();
  for (const [index, cap] of caps.entries()) {
    const reach = lots.map(({ lines }) => lines === null || lines[index] === true);
    const key = reach.map((may) => (may ? '1' : '0')).join('');
    const bucket = buckets.get(key) ?? { lines: [], reach, cap: 0n };
    bucket.lines.push(index);
    bucket.cap += cap;
    buckets.set(key, bucket);
  }
  return [...buckets.values()];
}

interface Network {
  /** Points by lot and bucket. */
  readonly flow: bigint[][];
  readonly room: bigint[];
  /** By bucket and lot. */
  readonly reach: readonly (readonly boolean[])[];
}

/** Augmenting paths: each fills a bucket or frees a lot's place in one, so they are few. Answers how much went through. */
function push(network: Network, lot: number, most: bigint): bigint {
  let pushed = 0n;
  while (pushed < most) {
    const path = freePath(network, lot);
    if (path === null) break;
    let amount = most - pushed;
    const end = path.at(-1);
    if (end && (network.room[end.bucket] ?? 0n) < amount) amount = network.room[end.bucket] ?? 0n;
    for (const { lot: mover, from } of path) {
      const moved = from === null ? amount : (network.flow[mover]?.[from] ?? 0n);
      if (moved < amount) amount = moved;
    }
    for (const { lot: mover, from, bucket } of path) {
      const row = network.flow[mover] ?? [];
      if (from !== null) row[from] = (row[from] ?? 0n) - amount;
      row[bucket] = (row[bucket] ?? 0n) + amount;
    }
    if (end) network.room[end.bucket] = (network.room[end.bucket] ?? 0n) - amount;
    pushed += amount;
  }
  return pushed;
}

interface PathStep {
  readonly lot: number;
  /** The bucket it leaves; null: it comes in. */
  readonly from: number | null;
  readonly bucket: number;
}

/** Breadth first: the lot enters a bucket; a full one is left by another lot for a bucket it may use too. */
function freePath({ flow, room, reach }: Network, start: number): PathStep[] | null {
  const cameBy = new Map<number, PathStep>();
  const queue: number[] = [];
  const visit = (step: PathStep): void => {
    if (cameBy.has(step.bucket)) return;
    cameBy.set(step.bucket, step);
    queue.push(step.bucket);
  };
  for (const bucket of room.keys()) if (reach[bucket]?.[start] === true) visit({ lot: start, from: null, bucket });
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if ((room[at] ?? 0n) > 0n) return pathTo(cameBy, at);
    for (const [lot, row] of flow.entries()) {
      if ((row[at] ?? 0n) === 0n) continue;
      for (const bucket of room.keys()) if (reach[bucket]?.[lot] === true) visit({ lot, from: at, bucket });
    }
  }
  return null;
}

function pathTo(cameBy: ReadonlyMap<number, PathStep>, end: number): PathStep[] {
  const path: PathStep[] = [];
  for (let at: number | null = end; at !== null; ) {
    const step: PathStep | undefined = cameBy.get(at);
    if (!step) break;
    path.unshift(step);
    at = step.from;
  }
  return path;
}

/**
 * The split over lines is proportional (R2) as far as these lots can pay it so: they go where the even split wants them first, and what finds
 * no room there goes where it may.
 */
function capsOf(
  found: { buckets: readonly Bucket[]; amounts: readonly bigint[] },
  { weights, caps }: LineLimits,
): readonly bigint[] {
  const { buckets, amounts } = found;
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  const even = splitWithCaps(total, weights, caps);
  const network: Network = {
    flow: amounts.map(() => buckets.map(() => 0n)),
    room: buckets.map(({ lines }) => lines.reduce((sum, line) => sum + (even[line] ?? 0n), 0n)),
    reach: buckets.map(({ reach }) => reach),
  };
  const left = amounts.map((amount, lot) => amount - push(network, lot, amount));
  if (left.every((amount) => amount === 0n)) return even;
  for (const [place, { cap }] of buckets.entries()) network.room[place] = cap - inBucket(network, place);
  for (const [lot, amount] of left.entries()) push(network, lot, amount);
  const parts = caps.map(() => 0n);
  for (const [place, { lines }] of buckets.entries()) {
    const inside = caps.map((cap, line) => (lines.includes(line) ? cap : 0n));
    for (const [line, part] of splitWithCaps(inBucket(network, place), weights, inside).entries()) {
      parts[line] = (parts[line] ?? 0n) + part;
    }
  }
  return parts;
}

function inBucket({ flow }: Network, place: number): bigint {
  return flow.reduce((sum, row) => sum + (row[place] ?? 0n), 0n);
}
