import type { ProductMatch } from '#kernel/restriction.ts';
import type { ProgramDocument } from '../document.ts';
import type { RuleArgs } from '../rule-kind.ts';
import { atMostWhole, checkCategories, checkShops, checkTierCodes } from './checks-rates.ts';
import type { ValidationContext } from './context.ts';
import type { Complaints } from './problem.ts';

interface Checking {
  readonly document: ProgramDocument;
  readonly context: ValidationContext;
  readonly to: Complaints;
}

type Check = (args: RuleArgs, path: string, checking: Checking) => void;

/** What the schema of a rule cannot know: other parts of the document, the catalog, ranges that contradict themselves. */
export function checkRuleArgs(args: RuleArgs, path: string, checking: Checking): void {
  checks[args.kind]?.(args, path, checking);
}

/** Types the arguments of one kind, which its schema has checked before. */
function check<Args>(inside: (args: Args, path: string, checking: Checking) => void): Check {
  return (args, path, checking) => inside(args as unknown as Args, path, checking);
}

const checks: Readonly<Record<string, Check>> = {
  segment: check<{ segment: string }>(({ segment }, path, { document, to }) => {
    if (document.segments.some(({ code }) => code === segment)) return;
    to.error(`${path}/segment`, 'unknown_segment', {
      ru: `Нет сегмента «${segment}»`,
      en: `There is no segment “${segment}”`,
    });
  }),
  tier: check<{ tiers: string[] }>(({ tiers }, path, { document, to }) => {
    const known = new Set(document.tiers.list.map(({ code }) => code));
    checkTierCodes(tiers, known, `${path}/tiers`, to.error);
  }),
  shops: check<{ shops: string[] }>(({ shops }, path, { context, to }) =>
    checkShops(shops, `${path}/shops`, context, to),
  ),
  products_in_cart: check<{ products: ProductMatch }>(({ products }, path, { context, to }) =>
    checkCategories(products.categories ?? [], `${path}/products/categories`, context, to),
  ),
  line_match: check<{ products?: ProductMatch }>(({ products }, path, { context, to }) =>
    checkCategories(products?.categories ?? [], `${path}/products/categories`, context, to),
  ),
  receipt_sum: check<{ from: number; below: number | null }>(({ from, below }, path, { to }) => {
    if (below === null || below > from) return;
    to.error(`${path}/below`, 'never_holds', {
      ru: 'Такой суммы не бывает: верх не больше низа',
      en: 'No sum is so: the upper end is not above the lower',
    });
  }),
  hours: check<{ from: string; until: string }>(({ from, until }, path, { to }) => {
    if (from === until)
      to.error(`${path}/until`, 'never_holds', {
        ru: 'Часы начала и конца совпадают',
        en: 'Begins and ends at the same time',
      });
  }),
  dates: check<{ from: string; until: string }>(({ from, until }, path, { to }) => {
    const mixed = from.length !== until.length;
    if (!mixed && (from.length === 5 || from <= until)) return;
    to.error(`${path}/until`, 'never_holds', {
      ru: mixed ? 'Обе даты либо с годом, либо без' : 'Конец раньше начала',
      en: mixed ? 'Both dates with a year, or both without' : 'Ends before it begins',
    });
  }),
  percent_off: check<{ percent: string }>(({ percent }, path, { to }) =>
    atMostWhole(percent, `${path}/percent`, to.error),
  ),
  cheapest_free: check<{ percent: string }>(({ percent }, path, { to }) =>
    atMostWhole(percent, `${path}/percent`, to.error),
  ),
  redeem_limit: check<{ rate: string }>(({ rate }, path, { to }) => atMostWhole(rate, `${path}/rate`, to.error)),
  earn_replace: check<{ rate: string }>(({ rate }, path, { to }) => atMostWhole(rate, `${path}/rate`, to.warn)),
  earn_add: check<{ rate: string }>(({ rate }, path, { to }) => atMostWhole(rate, `${path}/rate`, to.warn)),
  gift_line: check<{ sku: string }>(({ sku }, path, { context, to }) => {
    if (!context.productBySku || context.productBySku(sku) !== null) return;
    to.warn(`${path}/sku`, 'unknown_product', { ru: `Нет товара «${sku}»`, en: `There is no product “${sku}”` });
  }),
  next_code: check<{ promotion: string }>(({ promotion }, path, { document, to }) => {
    const target = document.promotions.find(({ code }) => code === promotion);
    if (target?.needs_code === true) return;
    to.error(`${path}/promotion`, target ? 'promotion_needs_no_code' : 'unknown_promotion', {
      ru: target ? `Акция «${promotion}» не включается промокодом` : `Нет акции «${promotion}»`,
      en: target ? `The promotion “${promotion}” needs no code` : `There is no promotion “${promotion}”`,
    });
  }),
};
