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

/** RFC 3339 with an offset; the server answers in UTC. */
export const instantText = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339 time with offset' });
export const dateText = z.iso.date();

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
