import { type Rate, wholeRate } from '#kernel/rate.ts';
import { rateOf } from '../document/pieces.ts';
import type { ProgramDocument } from '../document.ts';
import type { ValidationContext } from './context.ts';
import type { Complain, Complaints } from './problem.ts';

export function checkRates(document: ProgramDocument, { error, warn }: Complaints): void {
  const { tiers, earning, redeeming, ceilings } = document;
  atMostWhole(redeeming.rate, '/redeeming/rate', error);
  if (ceilings.line_percent !== null) atMostWhole(ceilings.line_percent, '/ceilings/line_percent', error);
  if (ceilings.receipt_percent !== null) atMostWhole(ceilings.receipt_percent, '/ceilings/receipt_percent', error);
  atMostWhole(earning.default_rate, '/earning/default_rate', warn);
  for (const [index, tier] of tiers.list.entries()) {
    atMostWhole(tier.earn_rate, `/tiers/list/${index}/earn_rate`, warn);
    if (tier.redeem_rate !== undefined) atMostWhole(tier.redeem_rate, `/tiers/list/${index}/redeem_rate`, error);
  }
  for (const [index, { rate }] of earning.rates.entries()) atMostWhole(rate, `/earning/rates/${index}/rate`, warn);
}

/** More than 100 % off is a mistake; more than 100 % in points may be a gift, and is asked about. */
export function atMostWhole(text: string, path: string, complain: Complain): void {
  const rate: Rate = rateOf(text);
  if (rate <= wholeRate) return;
  complain(path, 'more_than_whole', { ru: `Больше 100 %: ${text}`, en: `More than 100 %: ${text}` });
}

export function checkBaseRates(document: ProgramDocument, context: ValidationContext, to: Complaints): void {
  const tiers = new Set(document.tiers.list.map(({ code }) => code));
  for (const [index, { match }] of document.earning.rates.entries()) {
    const path = `/earning/rates/${index}/match`;
    checkTierCodes(match.tiers ?? [], tiers, `${path}/tiers`, to.error);
    checkShops(match.shops ?? [], `${path}/shops`, context, to);
    checkCategories(match.products?.categories ?? [], `${path}/products/categories`, context, to);
  }
}

export function checkTierCodes(
  codes: readonly string[],
  known: ReadonlySet<string>,
  path: string,
  error: Complain,
): void {
  for (const [place, code] of codes.entries()) {
    if (!known.has(code))
      error(`${path}/${place}`, 'unknown_tier', { ru: `Нет уровня «${code}»`, en: `There is no tier “${code}”` });
  }
}

/** Only warned about: a catalog may be loaded after the program. */
export function checkShops(
  codes: readonly string[],
  path: string,
  { knownShops }: ValidationContext,
  { warn }: Complaints,
): void {
  for (const [place, code] of codes.entries()) {
    if (knownShops?.has(code) === false)
      warn(`${path}/${place}`, 'unknown_shop', { ru: `Нет магазина «${code}»`, en: `There is no shop “${code}”` });
  }
}

export function checkCategories(
  codes: readonly string[],
  path: string,
  { knowsCategory }: ValidationContext,
  { warn }: Complaints,
): void {
  for (const [place, code] of codes.entries()) {
    if (knowsCategory?.(code) === false) {
      warn(`${path}/${place}`, 'unknown_category', {
        ru: `Нет категории «${code}»`,
        en: `There is no category “${code}”`,
      });
    }
  }
}
