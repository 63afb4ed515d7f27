import { CronExpressionParser } from 'cron-parser';
import { Temporal } from 'temporal-polyfill';
import type { Schedules } from '../domain/feed.ts';

/** Cron of five fields. Seconds and nicknames are refused: a feed is read at most once a minute. */
export const schedules: Schedules = {
  next: (schedule, zone, after) => {
    if (schedule.trim().split(/\s+/).length !== 5) return null;
    try {
      const currentDate = new Date(after.epochMilliseconds);
      const next = CronExpressionParser.parse(schedule, { tz: zone, currentDate }).next();
      return Temporal.Instant.fromEpochMilliseconds(next.getTime());
    } catch {
      return null;
    }
  },
};
