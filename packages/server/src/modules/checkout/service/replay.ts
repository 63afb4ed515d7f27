import type { KnownBudget } from '#modules/promotions/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { findManyKeys } from '../store/receipt-keys.ts';
import type { CheckoutDeps } from './deps.ts';
import { readBudgets } from './quote-sale.ts';
import { decideReplayed, type ReplayedSale } from './replay-decide.ts';
import type { ReplayAnswer, ReplayItem, ReplayOptions, ReplayReturn, ReplaySale } from './replay-items.ts';
import { loadReplayStates, type ReplayStates } from './replay-load.ts';
import { replayReturn } from './replay-return.ts';
import { saveReplayed } from './replay-save.ts';

export const replayItemsMax = 1_000;

/**
 * Past receipts in time order, in one transaction (R35: nobody is thanked for them; modules above read the receipts, no fact is written). Each
 * member's sales are folded in memory and saved together; a member's return waits until the sales before it are saved, and their later sales
 * wait for it. So a batch takes as many rounds as the member with the most returns in it has.
 */
export async function replay(
  deps: CheckoutDeps,
  items: readonly ReplayItem[],
  options: ReplayOptions,
): Promise<ReplayAnswer[]> {
  if (items.length > replayItemsMax) throw new RangeError(`at most ${replayItemsMax} receipts at once`);
  const program = deps.program.current();
  const budgets = program === null ? new Map<string, KnownBudget>() : await readBudgets(deps, program);
  return inTransaction(deps.db, (tx) => replayIn(tx, { deps, options, caller: callerOf(options), budgets }, items));
}

export interface Replaying {
  readonly deps: CheckoutDeps;
  readonly options: ReplayOptions;
  readonly caller: Caller;
  readonly budgets: ReadonlyMap<string, KnownBudget>;
}

async function replayIn(tx: Tx, replaying: Replaying, items: readonly ReplayItem[]): Promise<ReplayAnswer[]> {
  const known = await knownIds(tx, replaying, items);
  const answers = new Map<number, ReplayAnswer>();
  let waiting: Numbered[] = [];
  const seen = new Set<string>();
  for (const [place, item] of items.entries()) {
    const key = idOf(item);
    if (known.has(key) || seen.has(key)) answers.set(place, { kind: 'repeated', id: item.id });
    else waiting.push({ place, item });
    seen.add(key);
  }
  while (waiting.length > 0) {
    const round = nextRound(waiting);
    await replaySales(tx, replaying, round.sales, answers);
    for (const { place, item } of round.returns) answers.set(place, await replayReturn(tx, replaying, item));
    waiting = round.later;
  }
  return items.map((item, place) => answers.get(place) ?? { kind: 'problem', id: item.id, code: 'not_replayed' });
}

interface Numbered {
  readonly place: number;
  readonly item: ReplayItem;
}

interface Round {
  readonly sales: readonly { place: number; item: ReplaySale }[];
  readonly returns: readonly { place: number; item: ReplayReturn }[];
  readonly later: Numbered[];
}

/** Each buyer's sales up to their first return, that return, and everything after it for the next round. */
function nextRound(waiting: readonly Numbered[]): Round {
  const sales: { place: number; item: ReplaySale }[] = [];
  const returns: { place: number; item: ReplayReturn }[] = [];
  const later: Numbered[] = [];
  const returned = new Set<string>();
  for (const { place, item } of waiting) {
    const buyer = item.memberId ?? 'nobody';
    if (returned.has(buyer)) later.push({ place, item });
    else if (item.kind === 'sale') sales.push({ place, item });
    else {
      returns.push({ place, item });
      // Receipts without a member share nothing: their returns do not hold up one another's sales.
      if (item.memberId !== null) returned.add(buyer);
    }
  }
  return { sales, returns, later };
}

async function replaySales(
  tx: Tx,
  replaying: Replaying,
  sales: Round['sales'],
  answers: Map<number, ReplayAnswer>,
): Promise<void> {
  if (sales.length === 0) return;
  const states: ReplayStates = await loadReplayStates(
    tx,
    replaying,
    sales.map(({ item }) => item),
  );
  const replayed: ReplayedSale[] = [];
  for (const { place, item } of sales) {
    const decided = await decideReplayed(tx, replaying, item, states);
    if (decided.ok) {
      replayed.push(decided.value);
      const { memberId, receiptId } = decided.value.saved.record.receipt;
      answers.set(place, { kind: 'saved', id: item.id, memberId, receiptId });
    } else answers.set(place, { kind: 'problem', id: item.id, code: decided.refusal.code });
  }
  await saveReplayed(tx, replaying, replayed, states);
}

async function knownIds(
  tx: Tx,
  { deps, options }: Replaying,
  items: readonly ReplayItem[],
): Promise<ReadonlySet<string>> {
  const catalog = deps.catalog.snapshot();
  const shops = new Map(
    [...new Set(items.map((item) => item.shopCode))].flatMap((code) => {
      const shop = catalog.shopByCode(code);
      return shop ? [[shop.shopId, code] as const] : [];
    }),
  );
  const keys = await findManyKeys(
    tx,
    options.integration,
    [...shops.keys()],
    items.map((item) => item.id),
  );
  return new Set(
    keys.map((key) => `${key.kind === 'return' ? 'return' : 'sale'} ${shops.get(key.shopId)} ${key.externalId}`),
  );
}

function idOf(item: ReplayItem): string {
  return `${item.kind} ${item.shopCode} ${item.id}`;
}

function callerOf(options: ReplayOptions): Caller {
  return {
    kind: 'system',
    id: options.integration,
    name: options.integration,
    integration: options.integration,
    scopes: new Set(['admin']),
    shopIds: null,
    test: false,
  };
}
