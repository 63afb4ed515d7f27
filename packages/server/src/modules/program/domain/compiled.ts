import type { Rate } from '#kernel/rate.ts';
import type { Restriction } from '#kernel/restriction.ts';
import type { Instant } from '#kernel/time.ts';
import type { Delay, ProgramDocument, Promotion, PromotionGroup, Term, Tier } from './document.ts';
import type { LegalProfile } from './legal/profile.ts';
import type { Matcher } from './match.ts';
import type { TotalLimit } from './quote-result.ts';
import type { PreparedCondition, PreparedEffect } from './rule-kind.ts';

/** A published document with its indexes: made once per version, read by every quote. */
export interface CompiledProgram {
  readonly version: number;
  readonly document: ProgramDocument;
  readonly legalProfile: LegalProfile;
  /** The installation's zone, where neither shop nor member says one. */
  readonly zone: string;
  readonly pointValue: bigint;
  readonly tiers: ReadonlyMap<string, CompiledTier>;
  readonly defaultEarnRate: Rate;
  readonly defaultRedeemRate: Rate;
  readonly baseRates: readonly CompiledRate[];
  readonly notRedeemable: Matcher | null;
  /** In the order they act: those without a code by priority, then those with one by priority. */
  readonly promotions: readonly CompiledPromotion[];
  readonly promotionByCode: ReadonlyMap<string, CompiledPromotion>;
  readonly groups: ReadonlyMap<string, CompiledGroup>;
  readonly lineCeiling: Rate | null;
  readonly receiptCeiling: Rate | null;
  readonly baseLot: LotTerms;
  /** Ends of days by zone, day and distance: a purchase of the same day asks for the same ones. */
  readonly dayEnds: Map<string, Instant>;
}

export interface CompiledTier {
  readonly tier: Tier;
  readonly earnRate: Rate;
  readonly redeemRate: Rate | null;
}

export interface CompiledRate {
  readonly code: string;
  readonly rate: Rate;
  readonly combine: 'instead' | 'higher' | 'lower';
  readonly products: Matcher;
  readonly shops: ReadonlySet<string> | null;
  readonly channels: ReadonlySet<string> | null;
  readonly tiers: ReadonlySet<string> | null;
}

export interface CompiledGroup {
  readonly group: PromotionGroup;
  readonly members: readonly CompiledPromotion[];
  /** Codes of groups that this one keeps off, and that keep this one off. */
  readonly enemies: ReadonlySet<string>;
}

export interface CompiledPromotion {
  /** Its place among `promotions`. */
  readonly index: number;
  readonly code: string;
  readonly promotion: Promotion;
  /** Whether a group's choice or an effect has to be made before points are redeemed. */
  readonly phase: 'price' | 'earning';
  readonly from: Moment | null;
  readonly until: Moment | null;
  readonly sceneConditions: readonly NamedCondition<'scene'>[];
  readonly cartConditions: readonly NamedCondition<'cart'>[];
  readonly lineConditions: readonly NamedCondition<'lines'>[];
  readonly effects: readonly NamedEffect[];
  readonly group: string | null;
  readonly lot: LotTerms;
  readonly limits: {
    readonly perMember: number | null;
    readonly perDay: number | null;
    readonly total: TotalLimit | null;
    readonly lines: number | null;
    readonly money: bigint | null;
    readonly points: bigint | null;
  };
}

/** A shop-local date or an instant. */
export type Moment = { readonly date: string } | { readonly epochMs: number };

export interface NamedCondition<Reach extends PreparedCondition['reach']> {
  readonly kind: string;
  readonly prepared: Extract<PreparedCondition, { reach: Reach }>;
}

export interface NamedEffect {
  readonly kind: string;
  readonly prepared: PreparedEffect;
}

/** Points of the same terms make one lot and are rounded together (R15). */
export interface LotTerms {
  readonly key: string;
  readonly delay: Delay;
  readonly term: Term;
  readonly restriction: Restriction | null;
  readonly funder: string | null;
  readonly paysDebt: boolean;
}
