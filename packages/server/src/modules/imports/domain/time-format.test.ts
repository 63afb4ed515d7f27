import { describe, expect, it } from 'vitest';
import { endOf, instantOf, timeReader } from './time-format.ts';

const zone = 'Europe/Moscow';

function read(format: string, text: string): string | null {
  const time = timeReader(format, zone)?.(text);
  return time ? instantOf(time, zone).toString() : null;
}

describe('times', () => {
  it.each([
    ['iso', '2024-03-10', '2024-03-09T21:00:00Z'],
    ['iso', '2024-03-10 12:30', '2024-03-10T09:30:00Z'],
    ['iso', '2024-03-10T12:30:15.25Z', '2024-03-10T12:30:15.25Z'],
    ['iso', '2024-03-10 12:30:00 +05', '2024-03-10T07:30:00Z'],
    ['dd.MM.yyyy', '29.02.2024', '2024-02-28T21:00:00Z'],
    ['d.M.yy H:mm', '5.3.21 9:05', '2021-03-05T06:05:00Z'],
    ['yyyyMMdd', '19970101', '1996-12-31T21:00:00Z'],
    ['MM/dd/yyyy HH:mm:ss', '12/31/2010 23:59:59', '2010-12-31T20:59:59Z'],
    ['unix', '0', '1970-01-01T00:00:00Z'],
  ])('%s %s', (format, text, instant) => {
    expect(read(format, text)).toBe(instant);
  });

  it.each([
    ['iso', '2024-02-30'],
    ['iso', '10.03.2024'],
    ['dd.MM.yyyy', '31.11.2024'],
    ['dd.MM.yyyy HH:mm', '01.11.2024 25:00'],
    ['unix', 'now'],
  ])('%s does not read %s', (format, text) => {
    expect(read(format, text)).toBeNull();
  });

  it('a picture without a day, or with one twice, is none', () => {
    expect(timeReader('HH:mm', zone)).toBeNull();
    expect(timeReader('dd.dd.yyyy MM', zone)).toBeNull();
  });

  it('R3: until a date includes the whole day; a local time that a zone skips moves on', () => {
    const until = timeReader('dd.MM.yyyy', zone)?.('10.03.2024');
    expect(until && endOf(until, zone).toString()).toBe('2024-03-10T21:00:00Z');
    const skipped = timeReader('iso', 'Europe/London')?.('2024-03-31 01:30');
    expect(skipped?.instant?.toString()).toBe('2024-03-31T01:30:00Z');
  });
});
