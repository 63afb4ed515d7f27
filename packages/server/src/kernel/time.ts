import { Temporal } from 'temporal-polyfill';

/** Instants are UTC; a zone turns them into people's days (R3). */
export type Instant = Temporal.Instant;
export type PlainDate = Temporal.PlainDate;

export function isBefore(first: Instant, second: Instant): boolean {
  return Temporal.Instant.compare(first, second) < 0;
}

export function isAtOrBefore(first: Instant, second: Instant): boolean {
  return Temporal.Instant.compare(first, second) <= 0;
}

export function earlier(first: Instant | null, second: Instant | null): Instant | null {
  if (first === null) return second;
  if (second === null) return first;
  return isBefore(second, first) ? second : first;
}

export function later(first: Instant | null, second: Instant | null): Instant | null {
  if (first === null) return second;
  if (second === null) return first;
  return isBefore(first, second) ? second : first;
}

export function localDate(instant: Instant, zone: string): PlainDate {
  const quarter = Math.floor(instant.epochMilliseconds / quarterMs);
  const known = lastDates.get(zone);
  if (known?.quarter === quarter) return known.date;
  const date = instant.toZonedDateTimeISO(zone).toPlainDate();
  lastDates.set(zone, { quarter, date });
  return date;
}

const quarterMs = 15 * 60_000;
/**
 * Zones are slow, and a receipt asks for its day several times, thousands of receipts for the same one: per zone the last answer is kept. It is
 * good for its quarter of an hour, because no zone's midnight has fallen inside one since 1972.
 */
const lastDates = new Map<string, { readonly quarter: number; readonly date: PlainDate }>();

export function isDayBefore(first: PlainDate, second: PlainDate): boolean {
  return Temporal.PlainDate.compare(first, second) < 0;
}

/** The first instant of a local day; a day whose midnight does not exist (DST) starts at its first existing instant. */
export function startOfDay(date: PlainDate, zone: string): Instant {
  return date.toZonedDateTime(zone).toInstant();
}

/** The first instant after a local day: "until 10 March" ends here (R3). Ends are exclusive everywhere. */
export function endOfDay(date: PlainDate, zone: string): Instant {
  return startOfDay(date.add({ days: 1 }), zone);
}

/** "For N days" counts from the local day of `from` and includes the whole last day (R3). */
export function endOfDaysAfter(from: Instant, days: number, zone: string): Instant {
  return endOfDay(localDate(from, zone).add({ days }), zone);
}

export function hoursAfter(from: Instant, hours: number): Instant {
  return from.add({ hours });
}

/** The minute an instant lies in: receipts that name no second are compared by it. */
export function startOfMinute(instant: Instant): Instant {
  return instant.round({ smallestUnit: 'minute', roundingMode: 'floor' });
}

export function endOfMinute(instant: Instant): Instant {
  return startOfMinute(instant).add({ minutes: 1 });
}

/** The birthday in a given year; 29 February is kept on 28 February in common years (R3). */
export function anniversary(date: PlainDate, year: number): PlainDate {
  return date.with({ year }, { overflow: 'constrain' });
}
