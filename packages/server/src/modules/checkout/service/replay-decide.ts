import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { noPoints, points } from '#kernel/points.ts';
import type { MemberUse, PromotionUse } from '#modules/program/index.ts';
import type { Tx } from '#platform/db.ts';
import { meaningOf, type SaleContent } from '../domain/content.ts';
import type { MemberState } from '../domain/member-state.ts';
import type { ReceiptKey } from '../store/receipt-keys.ts';
import { type Deciding, decideSale } from './decide-sale.ts';
import { digestOf } from './digest.ts';
import { prepareSale } from './prepare-sale.ts';
import type { Replaying } from './replay.ts';
import type { ReplaySale } from './replay-items.ts';
import type { ReplayStates } from './replay-load.ts';
import type { ConfirmCommand } from './sale-command.ts';
import type { SavedSale } from './save-sale.ts';

export interface ReplayedSale {
  readonly saved: SavedSale;
  readonly key: ReceiptKey;
}

/**
 * One past sale against the folded state of its member. What was paid stands: no promotion changes prices of the past (R21), points come by the
 * program of the receipt's own time, on the receipt's own clock.
 */
export async function decideReplayed(
  tx: Tx,
  replaying: Replaying,
  item: ReplaySale,
  states: ReplayStates,
): Promise<Outcome<ReplayedSale, { readonly code: string }>> {
  const { deps, options } = replaying;
  const state = item.memberId === null ? null : states.get(item.memberId);
  if (state === undefined) return refused({ code: 'member_unknown' });
  const command = commandOf(replaying, item, state);
  const prepared = prepareSale(deps, command);
  if (!prepared.ok) return prepared;
  const receiptId = deps.newId();
  const deciding = {
    deps,
    command,
    prepared: prepared.value,
    attempt: { number: 1, budgets: replaying.budgets },
    receiptId,
    state,
    cardActive: true,
    earns: options.earn,
  };
  const decided = await decideSale(tx, deciding);
  const answer = decided.ok
    ? decided
    : await decideSale(tx, { ...deciding, ...redeeming(deciding, decided.refusal.details.possible) });
  if (!answer.ok) return answer;
  const { record, state: after, uses } = answer.value;
  if (after !== null) states.set(after.memberId, { ...after, uses: countUses(after.uses, uses) });
  const { receipt } = record;
  const digest = digestOf(meaningOf('confirm', command.content));
  const key = {
    integration: options.integration,
    shopId: receipt.shopId,
    externalId: item.id,
    kind: 'confirm',
    memberId: receipt.memberId,
    objectId: receiptId,
    digest,
  } as const;
  return done({ saved: answer.value, key });
}

function commandOf(
  { options, caller }: Replaying,
  item: ReplaySale,
  state: MemberState | null,
): ConfirmCommand & { readonly origin: ReplaySaleOrigin } {
  const content: SaleContent = {
    shopCode: item.shopCode,
    at: item.at,
    member: state && { kind: 'member_id', value: state.memberId },
    lines: item.lines,
    promoCodes: [],
    redeem: item.redeemedPoints ? points(item.redeemedPoints) : noPoints,
  };
  return {
    id: item.id,
    content,
    caller,
    now: item.at,
    paid: false,
    printed: { redeemedPoints: null, discount: 0n },
    fiscal: item.fiscal ?? [],
    moreToCome: false,
    partId: null,
    cashier: null,
    origin: options.origin,
  };
}

type ReplaySaleOrigin = Replaying['options']['origin'];

/** The same sale with as many points as there are. */
function redeeming({ command, prepared }: Pick<Deciding, 'command' | 'prepared'>, count: number) {
  const content = { ...command.content, redeem: points(count) };
  return { command: { ...command, content }, prepared: { ...prepared, read: { ...prepared.read, content } } };
}

function countUses(
  uses: ReadonlyMap<string, MemberUse>,
  taken: readonly PromotionUse[],
): ReadonlyMap<string, MemberUse> {
  const limited = taken.filter(({ limits }) => limits.perMember !== null || limits.perDay !== null);
  if (limited.length === 0) return uses;
  const counted = new Map(uses);
  for (const { promotionCode } of limited) {
    const before = counted.get(promotionCode) ?? { uses: 0, usesToday: 0 };
    counted.set(promotionCode, { uses: before.uses + 1, usesToday: before.usesToday + 1 });
  }
  return counted;
}
