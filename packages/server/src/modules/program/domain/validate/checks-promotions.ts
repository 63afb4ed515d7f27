import type { ProductMatch } from '#kernel/restriction.ts';
import type { ProgramDocument, Promotion } from '../document.ts';
import type { RuleArgs } from '../rule-kind.ts';
import { checkRuleArgs } from './checks-rules.ts';
import type { ValidationContext } from './context.ts';
import type { Complaints } from './problem.ts';

export function checkPromotions(document: ProgramDocument, context: ValidationContext, to: Complaints): void {
  const groups = new Map(document.promotion_groups.map((group) => [group.code, group.mode]));
  for (const [index, promotion] of document.promotions.entries()) {
    const path = `/promotions/${index}`;
    checkTimes(promotion, path, context, to);
    checkGroup(promotion, path, groups, to);
    checkPointsOf(promotion, path, to);
    for (const [place, condition] of promotion.conditions.entries()) {
      checkRuleArgs(condition, `${path}/conditions/${place}`, { document, context, to });
    }
    for (const [place, effect] of promotion.effects.entries()) {
      checkRuleArgs(effect, `${path}/effects/${place}`, { document, context, to });
    }
    checkLaw(promotion, path, context, to);
  }
}

function checkTimes(
  { from, until, active }: Promotion,
  path: string,
  { today }: ValidationContext,
  { error, warn }: Complaints,
): void {
  const first = from?.slice(0, 10);
  const last = until?.slice(0, 10);
  if (first !== undefined && last !== undefined && last < first) {
    error(`${path}/until`, 'never_runs', {
      ru: 'Акция заканчивается раньше, чем начинается',
      en: 'Ends before it begins',
    });
  }
  if (active && today !== undefined && last !== undefined && last < today) {
    warn(`${path}/until`, 'already_over', { ru: 'Акция уже закончилась', en: 'Is over already' });
  }
}

function checkGroup(
  { group, effects }: Promotion,
  path: string,
  groups: ReadonlyMap<string, string>,
  { error, warn }: Complaints,
): void {
  if (group === null) return;
  const mode = groups.get(group);
  if (mode === undefined) {
    error(`${path}/group`, 'unknown_group', { ru: `Нет группы «${group}»`, en: `There is no group “${group}”` });
  } else if (mode === 'sum' && !effects.some(({ kind }) => kind === 'percent_off')) {
    warn(`${path}/group`, 'nothing_to_sum', {
      ru: 'В группе сложения складываются только проценты',
      en: 'Only percents add up in a sum group',
    });
  }
}

const givesPoints: ReadonlySet<string> = new Set(['earn_replace', 'earn_add', 'earn_multiply', 'earn_fixed']);

function checkPointsOf(promotion: Promotion, path: string, { warn }: Complaints): void {
  const { points, limits, effects } = promotion;
  if (effects.some(({ kind }) => givesPoints.has(kind))) return;
  if (Object.keys(points).length > 0 || limits.total_points !== null || limits.points_per_receipt !== null) {
    warn(`${path}/points`, 'gives_no_points', {
      ru: 'Акция не даёт баллов, но задаёт их условия',
      en: 'Sets terms of points, and gives none',
    });
  }
}

/** R13: the law wins at every sale anyway; here it is said while somebody still looks. */
function checkLaw(promotion: Promotion, path: string, context: ValidationContext, { error, warn }: Complaints): void {
  const lawOf = (sku: string) => {
    const legalClass = context.productBySku?.(sku)?.legalClass ?? null;
    return legalClass === null ? null : { legalClass, rule: context.legalProfile.rules[legalClass] };
  };
  for (const [place, effect] of promotion.effects.entries()) {
    const gift = effect.kind === 'gift_line' ? lawOf((effect as RuleArgs & { sku: string }).sku) : null;
    if (gift?.rule.gifts === false) {
      error(`${path}/effects/${place}/sku`, 'gift_against_law', {
        ru: `Дарить такой товар запрещает закон (${gift.legalClass})`,
        en: `The law forbids giving this product away (${gift.legalClass})`,
      });
    }
  }
  for (const [place, condition] of promotion.conditions.entries()) {
    if (condition.kind !== 'line_match') continue;
    const { products } = condition as RuleArgs & { products?: ProductMatch };
    for (const [index, sku] of (products?.skus ?? []).entries()) {
      const found = lawOf(sku);
      if (found === null || found.rule.discounts) continue;
      warn(`${path}/conditions/${place}/products/skus/${index}`, 'restricted_by_law', {
        ru: `На этот товар акция не подействует: он ограничен законом (${found.legalClass})`,
        en: `The promotion will not act on this product: it is restricted by law (${found.legalClass})`,
      });
    }
  }
}
