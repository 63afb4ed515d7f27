import { type Instant, localDate } from '#kernel/time.ts';
import type { BudgetLeft, CodeInHand, MemberUse, PersonalWindow, PromotionUse } from '#modules/program/index.ts';
import type { MemberState } from './member-state.ts';

/** A held sale that is quoted again: what it took itself counts as free, whatever became of it since (R18, R19). */
export interface OwnUses {
  readonly uses: readonly PromotionUse[];
  /** When they were taken, in the shop's zone. */
  readonly takenAt: Instant;
  readonly shopZone: string;
}

/** The member as if the sale had taken no slot and used no window yet. `at` is the moment that the new quote is made for. */
export function withoutOwnUses(state: MemberState, own: OwnUses, at: Instant): MemberState {
  if (own.uses.length === 0) return state;
  return { ...state, uses: freedUses(state.uses, own, at), windows: freedWindows(state.windows, own, at) };
}

function freedUses(
  counted: ReadonlyMap<string, MemberUse>,
  { uses, takenAt, shopZone }: OwnUses,
  at: Instant,
): ReadonlyMap<string, MemberUse> {
  const isSameDay = localDate(takenAt, shopZone).equals(localDate(at, shopZone));
  const freed = new Map(counted);
  for (const { promotionCode, limits } of uses) {
    const before = freed.get(promotionCode);
    if (!before || (limits.perMember === null && limits.perDay === null)) continue;
    freed.set(promotionCode, {
      uses: Math.max(0, before.uses - 1),
      usesToday: Math.max(0, before.usesToday - (isSameDay ? 1 : 0)),
    });
  }
  return freed;
}

/** A window that the hold emptied, or that has ended since, is open for the sale that was held in it. */
function freedWindows(windows: readonly PersonalWindow[], { uses }: OwnUses, at: Instant): PersonalWindow[] {
  const open = { from: at, until: at.add({ minutes: 1 }), usesLeft: 1 } as const;
  const own = uses.flatMap(({ windowId, promotionCode }) =>
    windowId === null ? [] : [{ windowId, promotionCode, ...open }],
  );
  return [...windows.filter(({ windowId }) => !own.some((window) => window.windowId === windowId)), ...own];
}

/** Codes that the hold took are good; the others are what they are now. `keyOf` is how codes are compared (R26). */
export function withOwnCodes(
  codes: readonly CodeInHand[],
  { uses }: Pick<OwnUses, 'uses'>,
  keyOf: (text: string) => string,
): CodeInHand[] {
  return codes.map((code) => {
    const use = uses.find(({ promoCodeId }) => promoCodeId !== null && promoCodeId === keyOf(code.text));
    return use === undefined
      ? code
      : { text: code.text, state: 'usable', promotionCode: use.promotionCode, promoCodeId: use.promoCodeId };
  });
}

/** What is left of the budgets and what the hold took of them, together. */
export function withOwnBudgets(
  budgets: ReadonlyMap<string, BudgetLeft>,
  { uses }: Pick<OwnUses, 'uses'>,
): ReadonlyMap<string, BudgetLeft> {
  const freed = new Map(budgets);
  for (const use of uses) {
    const left = freed.get(use.promotionCode);
    if (!left) continue;
    freed.set(use.promotionCode, {
      uses: plus(left.uses, 1n),
      points: plus(left.points, use.points),
      money: plus(left.money, use.discount),
    });
  }
  return freed;
}

/** A forced sale may have overdrawn a budget: nothing is left of it then, and no less. */
function plus(left: bigint | null, own: bigint): bigint | null {
  if (left === null) return null;
  return (left > 0n ? left : 0n) + own;
}
