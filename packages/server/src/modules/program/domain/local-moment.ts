import type { Instant } from '#kernel/time.ts';

/** An instant as people at a place read it (R3): what conditions on dates, hours and week days compare with. */
export interface LocalMoment {
  /** ISO date: compares as text. */
  readonly date: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Since midnight. */
  readonly minutes: number;
  /** 1 is Monday. */
  readonly weekDay: number;
}

export function localMoment(at: Instant, zone: string): LocalMoment {
  const there = at.toZonedDateTimeISO(zone);
  const { year, month, day } = there;
  return {
    date: `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`,
    year,
    month,
    day,
    minutes: there.hour * 60 + there.minute,
    weekDay: there.dayOfWeek,
  };
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
