import { z } from 'zod';

/** Whole numbers on the wire stay within what JSON readers keep exact. */
export const integerMax = Number.MAX_SAFE_INTEGER;

function integerCodec(minimum: number, about: string, maximum: number = integerMax) {
  return z
    .codec(z.int().min(minimum).max(maximum), z.bigint(), {
      decode: (whole) => BigInt(whole),
      encode: (whole) => Number(whole),
    })
    .meta({ description: about });
}

/** Money that is paid, priced or taken off: minor units (kopecks), zero or more. */
export const minorUnits = integerCodec(0, 'money in minor units (kopecks)');
/** Far above any line of a receipt, and a thousand of them still add up to what JSON readers keep exact. */
const lineMost = 1_000_000_000_000;
/** Money of one line, or of a part of a receipt that a POS names. */
export const lineMoney = integerCodec(0, 'money in minor units (kopecks), at most 10,000,000,000.00', lineMost);
/** Points that a POS says were spent on a receipt. */
export const printedPoints = integerCodec(0, 'whole points, at most 1,000,000,000,000', lineMost);
/** Money that may go either way, such as a difference. */
export const signedMinorUnits = integerCodec(-integerMax, 'money in minor units (kopecks), signed');
/** Whole points, zero or more. */
export const pointsCount = integerCodec(0, 'whole points');
/** A movement of points. */
export const pointsDelta = integerCodec(-integerMax, 'whole points, signed');
/** Thousandths of a piece, kilogram, litre: 1000 is one (R2); at most a million pieces. */
export const quantityThousandths = integerCodec(1, 'quantity in thousandths: 1000 is one piece', 1_000_000_000);

/** A quantity in an answer: a return by sum may have rounded it down to none. */
export const thousandths = integerCodec(0, 'quantity in thousandths: 1000 is one piece');

const firstInstant = Date.parse('1000-01-01T00:00:00Z');
const afterLastInstant = Date.parse('+010000-01-01T00:00:00Z');

/** RFC 3339 with an offset; the server answers in UTC. Neither RFC 3339 nor PostgreSQL's ISO form knows the years 0 and 10000. */
export const instantText = z.iso
  .datetime({ offset: true })
  .refine(isOfOurEra, 'years 1000 to 9999')
  .meta({ description: 'RFC 3339 time with offset' });
/** A local date. With a margin at both ends: its midnight in any zone is an instant of those years. */
export const dateText = z.iso.date().refine((date) => /^[1-9]/.test(date) && date < '9999', 'years 1000 to 9998');

function isOfOurEra(time: string): boolean {
  const at = Date.parse(time);
  return at >= firstInstant && at < afterLastInstant;
}

const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Text a person or a system sends: trimmed nowhere, never with control characters (PostgreSQL cannot store NUL), well-formed Unicode. */
export function text(maximum: number, minimum = 1) {
  return z
    .string()
    .min(minimum)
    .max(maximum)
    .refine(
      (value) => !controlCharacters.test(value) && value.isWellFormed(),
      'control characters or broken Unicode are not allowed',
    );
}

/** An id that an outside system chose: a receipt's number, a product's article. */
export const externalId = text(200);
/** A code that we chose or a marketer typed: latin letters, digits, dashes. */
export const code = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'latin small letters, digits, _ and -, at most 63');
export const uuid = z.uuid();

export const localized = z.object({ ru: text(2000), en: text(2000) });

/** Cursor pages: `cursor` is opaque. */
export const pageQuery = z.object({
  cursor: text(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}
