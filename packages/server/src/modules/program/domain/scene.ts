import type { QuoteInput } from './cart.ts';
import type { CompiledProgram, CompiledPromotion, Moment } from './compiled.ts';
import { openWindow } from './conditions/personal-window.ts';
import { type LocalMoment, localMoment } from './local-moment.ts';
import type { Explanation } from './quote-result.ts';
import type { SentenceArgs } from './rule-kind.ts';
import type { OpenPromotion, Scene } from './worksheet.ts';

type Explain = ((explanation: Explanation) => void) | null;

/** Who, where and when. Codes in hand that cannot be used are explained and change nothing (R26). */
export function makeScene(program: CompiledProgram, input: QuoteInput, explain: Explain): Scene {
  const { cart } = input;
  const member = input.member === null || input.member.blocked ? null : input.member;
  const local = localMoment(cart.at, cart.shop.zone);
  let memberLocal: LocalMoment | null = null;
  return {
    shop: cart.shop,
    at: cart.at,
    local,
    member,
    memberLocal: () => {
      memberLocal ??= member === null || member.zone === cart.shop.zone ? local : localMoment(cart.at, member.zone);
      return memberLocal;
    },
    budgets: input.budgets,
    exhausted: input.exhausted,
    catalog: false,
    asksForPoints:
      member !== null && cart.redeem.kind !== 'none' && !('points' in cart.redeem && cart.redeem.points === 0n),
    codes: usableCodes(program, input, explain),
    productOf: input.productOf ?? null,
  };
}

const noCodes: ReadonlyMap<string, string | null> = new Map();

function usableCodes(
  program: CompiledProgram,
  { cart }: QuoteInput,
  explain: Explain,
): ReadonlyMap<string, string | null> {
  if (cart.promoCodes.length === 0) return noCodes;
  const usable = new Map<string, string | null>();
  for (const code of cart.promoCodes) {
    const promotion = code.promotionCode === null ? undefined : program.promotionByCode.get(code.promotionCode);
    const refusal =
      code.state !== 'usable'
        ? `code_${code.state}`
        : promotion === undefined || !promotion.promotion.needs_code
          ? 'code_without_promotion'
          : usable.has(promotion.code)
            ? 'code_same_promotion'
            : usable.size >= program.document.receipt.promo_codes_max
              ? 'code_one_per_receipt'
              : null;
    if (refusal === null && promotion) usable.set(promotion.code, code.promoCodeId);
    else
      explain?.({
        step: 'promo_code',
        code: refusal ?? '',
        rule: code.promotionCode,
        lineId: null,
        applied: false,
        args: { text: code.text },
      });
  }
  return usable;
}

interface Unmet {
  readonly code: string;
  readonly args: SentenceArgs;
}

/** Promotions that may act in this scene, in order; for the others, why not. */
export function openPromotions(program: CompiledProgram, scene: Scene, explain: Explain): OpenPromotion[] {
  const open: OpenPromotion[] = [];
  const nowMs = scene.at.epochMilliseconds;
  for (const promotion of program.promotions) {
    const { needs_code: needsCode, needs_window: needsWindow } = promotion.promotion;
    // A promotion of codes is not worth a word where nobody gave its code.
    if (needsCode && (scene.catalog || !scene.codes.has(promotion.code))) continue;
    const window =
      needsWindow && scene.member !== null ? openWindow(scene.member.windows, promotion.code, scene.at) : null;
    const unmet =
      timeUnmet(promotion, scene, nowMs) ??
      (needsWindow && window === null ? noWindow : null) ??
      sceneUnmet(promotion, scene);
    if (unmet === null) open.push({ promotion, windowId: window?.windowId ?? null });
    else if (explain) {
      explain({
        step: needsCode ? 'promo_code' : 'promotion',
        code: unmet.code,
        rule: promotion.code,
        lineId: null,
        applied: false,
        args: unmet.args,
      });
    }
  }
  return open;
}

const noArgs: SentenceArgs = {};
const noWindow: Unmet = { code: 'unmet_personal_window', args: noArgs };

function timeUnmet({ from, until, promotion }: CompiledPromotion, scene: Scene, nowMs: number): Unmet | null {
  if (from !== null && isBefore(scene, nowMs, from))
    return { code: 'not_started', args: { from: promotion.from ?? '' } };
  if (until !== null && isOver(scene, nowMs, until)) return { code: 'ended', args: { until: promotion.until ?? '' } };
  return null;
}

function isBefore(scene: Scene, nowMs: number, from: Moment): boolean {
  return 'date' in from ? scene.local.date < from.date : nowMs < from.epochMs;
}

/** A date includes its whole last day; an instant does not include itself (R3). */
function isOver(scene: Scene, nowMs: number, until: Moment): boolean {
  return 'date' in until ? scene.local.date > until.date : nowMs >= until.epochMs;
}

function sceneUnmet(promotion: CompiledPromotion, scene: Scene): Unmet | null {
  if (scene.catalog && promotion.cartConditions.length > 0) return { code: 'receipt_wide', args: noArgs };
  for (const { kind, prepared } of promotion.sceneConditions) {
    if (!prepared.holds(scene)) return { code: `unmet_${kind}`, args: prepared.args };
  }
  return limitUnmet(promotion, scene);
}

function limitUnmet({ code, limits }: CompiledPromotion, scene: Scene): Unmet | null {
  const { perMember, perDay } = limits;
  if (perMember !== null || perDay !== null) {
    // Uses are counted by member: without one there is nobody to count for.
    if (scene.member === null) return { code: 'unmet_member_required', args: noArgs };
    const used = scene.member.uses.get(code);
    if (used && perMember !== null && used.uses >= perMember)
      return { code: 'limit_per_member', args: { limit: perMember } };
    if (used && perDay !== null && used.usesToday >= perDay) return { code: 'limit_per_day', args: { limit: perDay } };
  }
  if (scene.exhausted.has(code)) return { code: 'limit_total', args: noArgs };
  const left = scene.budgets.get(code);
  if (left && [left.uses, left.points, left.money].some((amount) => amount !== null && amount <= 0n)) {
    return { code: 'limit_total', args: noArgs };
  }
  return null;
}
