import { Temporal } from 'temporal-polyfill';
import { endOfDay, type Instant, type PlainDate, startOfDay } from '#kernel/time.ts';

/**
 * How a file writes times. `iso`: 2026-01-31, 2026-01-31 12:30[:59[.123]], with T or a space, with Z or an offset or in the mapping's zone.
 * `unix`: seconds. Else a picture of yyyy yy MM M dd d HH H mm ss SSS; anything else stands for itself.
 */
export interface ReadTime {
  readonly date: PlainDate;
  /** null: the file gives a date only. */
  readonly instant: Instant | null;
}

export type TimeReader = (text: string) => ReadTime | null;

const isoPattern =
  /^(?<y>\d{4})-(?<M>\d{2})-(?<d>\d{2})(?:[T ](?<H>\d{2}):(?<m>\d{2})(?::(?<s>\d{2})(?:\.(?<f>\d{1,9}))?)?\s?(?<o>Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const tokens: Readonly<Record<string, string>> = {
  yyyy: '(?<y>\\d{4})',
  yy: '(?<yy>\\d{2})',
  MM: '(?<M>\\d{2})',
  M: '(?<M>\\d{1,2})',
  dd: '(?<d>\\d{2})',
  d: '(?<d>\\d{1,2})',
  HH: '(?<H>\\d{2})',
  H: '(?<H>\\d{1,2})',
  mm: '(?<m>\\d{2})',
  ss: '(?<s>\\d{2})',
  SSS: '(?<f>\\d{3})',
};
const tokenPattern = /yyyy|yy|MM|M|dd|d|HH|H|mm|ss|SSS/g;
const rememberedMax = 20_000;

/** null: the picture has no day, month or year. */
export function timeReader(format: string, zone: string): TimeReader | null {
  const pattern = format === 'iso' ? isoPattern : pictureOf(format);
  if (format !== 'unix' && pattern === null) return null;
  const read = (text: string): ReadTime | null => {
    try {
      return pattern === null ? readUnix(text, zone) : readByPattern(text, pattern, zone);
    } catch (error) {
      // 31 February.
      if (error instanceof RangeError) return null;
      throw error;
    }
  };
  return remembering(read);
}

/** A zone's rules cost ten times as much as everything else in a row, and the lines of a receipt say the same time. */
function remembering(read: TimeReader): TimeReader {
  const known = new Map<string, ReadTime | null>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= rememberedMax) known.clear();
    const made = read(text);
    known.set(text, made);
    return made;
  };
}

function pictureOf(format: string): RegExp | null {
  let source = '';
  let from = 0;
  for (const match of format.matchAll(tokenPattern)) {
    source += escaped(format.slice(from, match.index)) + (tokens[match[0]] ?? '');
    from = match.index + match[0].length;
  }
  source += escaped(format.slice(from));
  const hasDay = /\?<d>/.test(source) && /\?<M>/.test(source) && /\?<yy?>/.test(source);
  if (!hasDay) return null;
  try {
    return new RegExp(`^${source}$`);
  } catch {
    // A part that stands twice.
    return null;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function readUnix(text: string, zone: string): ReadTime | null {
  if (!/^\d{1,11}(?:\.\d+)?$/.test(text)) return null;
  const instant = Temporal.Instant.fromEpochMilliseconds(Number(text.split('.')[0]) * 1000);
  return { instant, date: instant.toZonedDateTimeISO(zone).toPlainDate() };
}

function readByPattern(text: string, pattern: RegExp, zone: string): ReadTime | null {
  const parts = pattern.exec(text)?.groups;
  if (parts === undefined) return null;
  const part = (name: string) => Number(parts[name] ?? 0);
  const year = parts['y'] === undefined ? 2000 + part('yy') : part('y');
  const date = Temporal.PlainDate.from({ year, month: part('M'), day: part('d') }, { overflow: 'reject' });
  if (parts['H'] === undefined) return { date, instant: null };
  const time = { hour: part('H'), minute: part('m'), second: part('s') };
  const millisecond = Number((parts['f'] ?? '0').padEnd(3, '0').slice(0, 3));
  const local = date.toPlainDateTime(Temporal.PlainTime.from({ ...time, millisecond }, { overflow: 'reject' }));
  const offset = parts['o'];
  const instant =
    offset === undefined
      ? local.toZonedDateTime(zone).toInstant()
      : Temporal.Instant.from(`${local.toString()}${offset}`);
  return { date, instant };
}

/** A date alone begins with its first instant. */
export function instantOf(read: ReadTime, zone: string): Instant {
  return read.instant ?? startOfDay(read.date, zone);
}

/** "Until 10 March" includes the whole day (R3). */
export function endOf(read: ReadTime, zone: string): Instant {
  return read.instant ?? endOfDay(read.date, zone);
}
