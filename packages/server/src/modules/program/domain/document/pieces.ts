import { z } from 'zod';
import { parsePercent, type Rate } from '#kernel/rate.ts';
import type { ProductMatch, Restriction } from '#kernel/restriction.ts';

/** How a form asks for a value: what the marketer's screens are drawn from. */
export interface FormField {
  readonly ru: string;
  readonly en: string;
  readonly widget: Widget;
  readonly unit?: 'points' | 'money' | 'percent' | 'days' | 'hours' | 'pieces' | 'receipts' | 'times';
}

export type Widget =
  | 'number'
  | 'percent'
  | 'money'
  | 'quantity'
  | 'text'
  | 'switch'
  | 'choice'
  | 'date'
  | 'time'
  | 'week_days'
  | 'products'
  | 'shops'
  | 'channels'
  | 'tiers'
  | 'segment'
  | 'promotion'
  | 'product';

/** Adds what a form needs to a schema; it comes out under `form` in the published JSON Schema. */
export function field<Schema extends z.ZodType>(schema: Schema, form: FormField): Schema {
  return schema.meta({ form });
}

/** What a marketer calls a rule: stable, in explanations and reports. */
export const ruleCode = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'latin small letters, digits, _ and -, at most 63');

export const percentText = z
  .string()
  .refine(
    (value) => parsePercent(value) !== null,
    'a percent as text with at most four decimals, such as "5" or "12.5"',
  );

export function rateOf(text: string): Rate {
  const rate = parsePercent(text);
  if (rate === null) throw new RangeError(`not a percent: ${text}`);
  return rate;
}

export const shortText = z.string().min(1).max(200);
export const localizedText = z.strictObject({ ru: shortText, en: shortText });
export const moneyAmount = z.int().min(0).max(1_000_000_000_000);
export const pointsAmount = z.int().min(0).max(1_000_000_000);
export const dayCount = z.int().min(0).max(36_500);

export const localDateText = z.iso.date();
const noSuchDays: ReadonlySet<string> = new Set(['02-30', '02-31', '04-31', '06-31', '09-31', '11-31']);

/** A date, or a day of every year; "02-29" is kept on 28 February in common years (R3). */
export const dayText = z
  .string()
  .refine(
    (value) =>
      value.length === 5
        ? /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(value) && !noSuchDays.has(value)
        : localDateText.safeParse(value).success,
    'a date such as "2026-12-18", or a day of every year such as "12-18"',
  );
export const localTimeText = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as "10:00"');

const listMax = 2_000;
export const codes = z.array(z.string().min(1).max(200)).min(1).max(listMax);
export const channel = z.enum(['pos', 'site', 'app', 'marketplace']);

const matchLists = {
  skus: codes.exactOptional(),
  categories: codes.exactOptional(),
  brands: codes.exactOptional(),
  tags: codes.exactOptional(),
};
const bareMatch = z.strictObject(matchLists);

/** Products by any of these; `except` takes out again (one level deep: deeper ones nobody could read). */
export const productMatch: z.ZodType<ProductMatch> = z.strictObject({
  ...matchLists,
  except: bareMatch.exactOptional(),
});

export const restriction: z.ZodType<Restriction> = z.strictObject({
  shops: codes.exactOptional(),
  channels: z.array(channel).min(1).exactOptional(),
  products: productMatch.exactOptional(),
  least_receipt: moneyAmount.exactOptional(),
});

/** How long points live, counted from their start (R5, R9). */
export const term = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('never') }),
  z.strictObject({ kind: z.literal('days'), days: dayCount.min(1) }),
  z.strictObject({ kind: z.literal('months'), months: z.int().min(1).max(600) }),
  z.strictObject({ kind: z.literal('years'), years: z.int().min(1).max(50) }),
  z.strictObject({ kind: z.literal('inactivity'), days: dayCount.min(1) }),
  z.strictObject({ kind: z.literal('until'), date: localDateText }),
]);
export type Term = z.output<typeof term>;

/** When points become spendable: hours are exact, days include the whole last local day (R3). */
export const delay = z.union([
  z.strictObject({ hours: z.int().min(0).max(8_784) }),
  z.strictObject({ days: z.int().min(0).max(366) }),
]);
export type Delay = z.output<typeof delay>;
