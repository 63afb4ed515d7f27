import type { Restriction } from '#kernel/restriction.ts';
import { endOfDay, endOfDaysAfter, type Instant, isBefore, later, type PlainDate, startOfDay } from '#kernel/time.ts';

/** When and where points that are given outside of a receipt may be spent. */
export interface GrantTerms {
  /** An instant, or the first local day of the member, or neither: now. */
  readonly startsAt: Instant | null;
  readonly startsOn: PlainDate | null;
  /** An instant, or the last local day with all of it, or so many local days after the start (R3), or nothing: never. */
  readonly burnsAt: Instant | null;
  readonly burnsOn: PlainDate | null;
  readonly days: number | null;
  readonly restriction: Restriction | null;
  readonly funder: string | null;
  readonly paysDebt: boolean;
}

export interface GrantDates {
  readonly startsAt: Instant;
  readonly burnsAt: Instant | null;
}

/** R3: dates become instants of the member's zone here, and never move. null: the end is over already, or before the start. */
export function datesOfGrant(terms: GrantTerms, { now, zone }: { now: Instant; zone: string }): GrantDates | null {
  // A first day that has begun already means from now on.
  const firstDay = terms.startsOn && (later(startOfDay(terms.startsOn, zone), now) ?? now);
  const startsAt = terms.startsAt ?? firstDay ?? now;
  const burnsAt = endOf(terms, startsAt, zone);
  if (burnsAt !== null && !(isBefore(startsAt, burnsAt) && isBefore(now, burnsAt))) return null;
  return { startsAt, burnsAt };
}

function endOf({ burnsAt, burnsOn, days }: GrantTerms, startsAt: Instant, zone: string): Instant | null {
  if (burnsOn !== null) return endOfDay(burnsOn, zone);
  return days === null ? burnsAt : endOfDaysAfter(startsAt, days, zone);
}
