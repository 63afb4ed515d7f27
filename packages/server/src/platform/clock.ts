import { Temporal } from 'temporal-polyfill';

/** The only way to the time of day. The whole product runs on a virtual clock as well (R4). */
export interface Clock {
  now(): Temporal.Instant;
}

export const systemClock: Clock = { now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()) };

export interface VirtualClock extends Clock {
  set(instant: Temporal.Instant): void;
  advance(duration: { days?: number; hours?: number; minutes?: number; seconds?: number }): void;
}

/** Starts at an instant and moves only when told. Durations are exact (days of 24 hours): an Instant knows no zone. */
export function virtualClock(start: Temporal.Instant): VirtualClock {
  let current = start;
  return {
    now: () => current,
    set: (instant) => {
      current = instant;
    },
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }) => {
      current = current.add({ hours: hours + days * 24, minutes, seconds });
    },
  };
}
