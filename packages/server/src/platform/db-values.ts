import pg from 'pg';
import { Temporal } from 'temporal-polyfill';

const oid = { int8: 20, date: 1082, timestamptz: 1184, int8Array: 1016, textArray: 1009 } as const;

/** The driver's own parsers, by a number: its types name only a part of them. */
const driverParser = pg.types.getTypeParser as (type: number, format?: string) => (text: string) => unknown;

/** int8 → bigint, timestamptz → Instant, date → PlainDate; the driver's own would be a string and a Date at local midnight. */
export function typeParsers(type: number, format?: 'text' | 'binary'): (text: string) => unknown {
  switch (type) {
    case oid.int8:
      return BigInt;
    case oid.timestamptz:
      return parseInstant;
    case oid.date:
      return (text) => Temporal.PlainDate.from(text);
    case oid.int8Array:
      return (text) => (driverParser(oid.textArray)(text) as string[]).map(BigInt);
    default:
      return driverParser(type, format);
  }
}

/** "2026-11-22 14:48:00.123+00": the session's zone is UTC. Milliseconds by Date.parse, because Temporal's own parser costs ten times as much. */
function parseInstant(text: string): Temporal.Instant {
  if (text.length <= 26 && text.endsWith('+00')) {
    const milliseconds = Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
    if (!Number.isNaN(milliseconds)) return Temporal.Instant.fromEpochMilliseconds(milliseconds);
  }
  return Temporal.Instant.from(text);
}

/** Temporal values go as text (pg would JSON-quote them), objects as JSON with bigints as numbers, arrays of scalars as PostgreSQL arrays. */
export function encodeValue(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'object':
      return encodeObject(value);
    default:
      return value;
  }
}

function encodeObject(value: object): unknown {
  if (value instanceof Temporal.Instant) return instantText(value);
  if (value instanceof Temporal.PlainDate) return value.toString();
  if (value instanceof Uint8Array || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(encodeValue);
  return toJson(value);
}

/** Date writes ISO text several times faster than Temporal's polyfill; what is finer than a millisecond goes the long way. */
function instantText(instant: Temporal.Instant): string {
  return instant.epochNanoseconds % 1_000_000n === 0n
    ? new Date(instant.epochMilliseconds).toISOString()
    : instant.toString();
}

/** JSON for a jsonb column. Money and points are safe integers there (checked), so they stay numbers and can be summed in SQL. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'bigint') return part;
    const number = Number(part);
    if (!Number.isSafeInteger(number)) throw new RangeError('an integer too large for JSON');
    return number;
  });
}
