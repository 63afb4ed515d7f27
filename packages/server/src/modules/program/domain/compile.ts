import { Temporal } from 'temporal-polyfill';
import { required } from '#kernel/assert.ts';
import type {
  CompiledGroup,
  CompiledProgram,
  CompiledPromotion,
  CompiledRate,
  LotTerms,
  Moment,
  NamedCondition,
  NamedEffect,
} from './compiled.ts';
import { conditionKindByCode } from './conditions/index.ts';
import { rateOf } from './document/pieces.ts';
import type { BaseRate, ProgramDocument, Promotion, Tier } from './document.ts';
import { effectKindByCode } from './effects/index.ts';
import type { LegalProfile } from './legal/profile.ts';
import { productMatcher } from './match.ts';
import type { Preparation, PreparedCondition } from './rule-kind.ts';

export interface CompileOptions {
  readonly version: number;
  readonly legalProfile: LegalProfile;
  /** The installation's zone. */
  readonly zone: string;
}

/** Builds every index once, so that a quote only looks things up. The document is taken as valid: `validateProgram` says whether it is. */
export function compileProgram(document: ProgramDocument, options: CompileOptions): CompiledProgram {
  const promotions = compilePromotions(document);
  const { earning, redeeming, ceilings } = document;
  return {
    ...options,
    document,
    pointValue: BigInt(document.point_value),
    tiers: new Map(document.tiers.list.map((tier) => [tier.code, compileTier(tier)])),
    defaultEarnRate: rateOf(earning.default_rate),
    defaultRedeemRate: rateOf(redeeming.rate),
    baseRates: earning.rates.map(compileRate),
    notRedeemable: redeeming.excluded === null ? null : productMatcher(redeeming.excluded),
    promotions,
    promotionByCode: new Map(promotions.map((promotion) => [promotion.code, promotion])),
    groups: compileGroups(document, promotions),
    lineCeiling: ceilings.line_percent === null ? null : rateOf(ceilings.line_percent),
    receiptCeiling: ceilings.receipt_percent === null ? null : rateOf(ceilings.receipt_percent),
    baseLot: lotTerms(document, null),
    dayEnds: new Map(),
  };
}

function compileTier(tier: Tier) {
  return {
    tier,
    earnRate: rateOf(tier.earn_rate),
    redeemRate: tier.redeem_rate === undefined ? null : rateOf(tier.redeem_rate),
  };
}

function compileRate(rate: BaseRate): CompiledRate {
  const { products, shops, channels, tiers } = rate.match;
  return {
    code: rate.code,
    rate: rateOf(rate.rate),
    combine: rate.combine,
    products: productMatcher(products),
    shops: shops ? new Set(shops) : null,
    channels: channels ? new Set(channels) : null,
    tiers: tiers ? new Set(tiers) : null,
  };
}

function compilePromotions(document: ProgramDocument): CompiledPromotion[] {
  const active = document.promotions.filter((promotion) => promotion.active);
  // R12: promotions by priority, then promo codes. `sort` is stable: of equal priority the older, the one that stands first.
  const ordered = active.toSorted((a, b) => Number(a.needs_code) - Number(b.needs_code) || b.priority - a.priority);
  const early = new Set(active.filter(actsOnPrice).flatMap(({ group }) => (group === null ? [] : [group])));
  return ordered.map((promotion, index) => {
    const isEarly = actsOnPrice(promotion) || (promotion.group !== null && early.has(promotion.group));
    return compilePromotion(document, promotion, { index, phase: isEarly ? 'price' : 'earning' });
  });
}

const earningKinds: ReadonlySet<string> = new Set([
  'earn_replace',
  'earn_add',
  'earn_multiply',
  'earn_fixed',
  'forbid_earning',
  'next_code',
]);

/** What only gives points waits until it is known what is paid; everything else acts before (R12). */
function actsOnPrice(promotion: Promotion): boolean {
  return promotion.needs_code || promotion.effects.some(({ kind }) => !earningKinds.has(kind));
}

function compilePromotion(
  document: ProgramDocument,
  promotion: Promotion,
  place: Pick<CompiledPromotion, 'index' | 'phase'>,
): CompiledPromotion {
  const preparation: Preparation = {
    pointValue: BigInt(document.point_value),
    promotionsBase: document.receipt.promotions_base,
  };
  const conditions = promotion.conditions.map((args) => ({
    kind: args.kind,
    prepared: required(conditionKindByCode.get(args.kind), `condition ${args.kind}`).prepare(args, preparation),
  }));
  const effects: NamedEffect[] = promotion.effects.map((args) => ({
    kind: args.kind,
    prepared: required(effectKindByCode.get(args.kind), `effect ${args.kind}`).prepare(args, preparation),
  }));
  return {
    ...place,
    code: promotion.code,
    promotion,
    from: promotion.from === null ? null : momentOf(promotion.from),
    until: promotion.until === null ? null : momentOf(promotion.until),
    sceneConditions: ofReach(conditions, 'scene'),
    cartConditions: ofReach(conditions, 'cart'),
    lineConditions: ofReach(conditions, 'lines'),
    effects,
    group: promotion.group,
    lot: lotTerms(document, promotion),
    limits: compileLimits(promotion),
  };
}

function ofReach<Reach extends PreparedCondition['reach']>(
  conditions: readonly { kind: string; prepared: PreparedCondition }[],
  reach: Reach,
): NamedCondition<Reach>[] {
  return conditions.filter((condition) => condition.prepared.reach === reach) as unknown as NamedCondition<Reach>[];
}

function compileLimits({ limits }: Promotion): CompiledPromotion['limits'] {
  const total = {
    uses: limits.total_uses === null ? null : BigInt(limits.total_uses),
    points: limits.total_points === null ? null : BigInt(limits.total_points),
    money: limits.total_money === null ? null : BigInt(limits.total_money),
  };
  const limited = total.uses !== null || total.points !== null || total.money !== null;
  return {
    perMember: limits.per_member,
    perDay: limits.per_member_per_day,
    total: limited ? total : null,
    lines: limits.lines_per_receipt,
    money: limits.money_per_receipt === null ? null : BigInt(limits.money_per_receipt),
    points: limits.points_per_receipt === null ? null : BigInt(limits.points_per_receipt),
  };
}

function momentOf(text: string): Moment {
  return text.length === 10 ? { date: text } : { epochMs: Temporal.Instant.from(text).epochMilliseconds };
}

function lotTerms({ earning }: ProgramDocument, promotion: Promotion | null): LotTerms {
  const own = promotion?.points ?? {};
  const terms = {
    delay: own.delay ?? earning.delay,
    term: own.term ?? earning.term,
    restriction: own.restriction ?? null,
    funder: own.funder ?? promotion?.funder ?? earning.funder,
    paysDebt: own.pays_debt ?? earning.pays_debt,
  };
  return { ...terms, key: JSON.stringify(terms) };
}

function compileGroups(
  document: ProgramDocument,
  promotions: readonly CompiledPromotion[],
): ReadonlyMap<string, CompiledGroup> {
  return new Map(
    document.promotion_groups.map((group): [string, CompiledGroup] => {
      const excludedBy = document.promotion_groups.filter((other) => other.excludes.includes(group.code));
      return [
        group.code,
        {
          group,
          members: promotions.filter((promotion) => promotion.group === group.code),
          enemies: new Set([...group.excludes, ...excludedBy.map(({ code }) => code)]),
        },
      ];
    }),
  );
}
