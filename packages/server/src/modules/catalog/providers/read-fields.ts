import type { Money } from '#kernel/money.ts';
import type { FeedEvent } from '../domain/feed.ts';
import { parsePrice } from '../domain/price-text.ts';

/** Limits of the contract: feeds are cut where a call to the API would be refused. */
export const nameMax = 500;
export const skuMax = 100;
export const idMax = 200;
const brandMax = 200;
const codesMax = 100;
const attributesMax = 100;
const attributeNameMax = 100;
const attributeValueMax = 1_000;

export type Problem = (code: string, detail: string) => void;

export function problemAt(emit: (event: FeedEvent) => void, line: number, item: string | null): Problem {
  return (code, detail) => emit({ type: 'problem', line, item, code, detail });
}

export function nameOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, nameMax);
}

export function brandOf(text: string | undefined): string | undefined {
  const brand = text === undefined ? '' : nameOf(text).slice(0, brandMax);
  return brand === '' ? undefined : brand;
}

/** Undefined (leave as it is) with a problem when the text is no price. */
export function priceOf(text: string, problem: Problem): Money | undefined {
  const price = parsePrice(text);
  if (price === null) problem('bad_price', `"${text.slice(0, 40)}" is not a price`);
  return price ?? undefined;
}

const rouble = /^(?:rub|rur|руб\.?|643|810)$/i;

export function isCurrency(text: string | undefined, currency: string): boolean {
  if (text === undefined || text === '') return true;
  return currency === 'RUB' ? rouble.test(text) : text.toUpperCase() === currency;
}

/** One element may hold several barcodes. */
export function codesOf(texts: readonly string[]): { readonly kind: string; readonly value: string }[] | undefined {
  const values = texts
    .flatMap((text) => text.split(/[,;\s]+/))
    .filter((value) => value !== '' && value.length <= idMax);
  return values.length === 0 ? undefined : values.slice(0, codesMax).map((value) => ({ kind: 'barcode', value }));
}

export function attributesOf(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const kept = pairs
    .filter(([name, value]) => name !== '' && value !== '')
    .map(([name, value]) => [nameOf(name).slice(0, attributeNameMax), nameOf(value).slice(0, attributeValueMax)]);
  return Object.fromEntries(kept.slice(0, attributesMax)) as Record<string, string>;
}
