import { Temporal } from 'temporal-polyfill';
import { endOfDay, endOfDaysAfter, hoursAfter, type Instant, isAtOrBefore, localDate } from '#kernel/time.ts';
import type { CompiledProgram, LotTerms } from './compiled.ts';
import type { Earning } from './quote-result.ts';
import type { Worksheet } from './worksheet.ts';

export interface LotDates {
  readonly startsAt: Instant;
  readonly burnsAt: Instant | null;
  readonly inactivityDays: number | null;
}

/** The instants at which a lot made now starts and burns, in the member's zone (R3). null: its fixed end is past already. */
export function lotDates({ program, scene }: Worksheet, terms: LotTerms): LotDates | null {
  const zone = scene.member?.zone ?? program.zone;
  return datesOfLot(program, terms, { at: scene.at, zone });
}

/** Terms and dates of a lot that a rule makes at an instant: for a held sale that is confirmed later, for points given outside a receipt. */
export function earningTerms(
  program: CompiledProgram,
  rule: string,
  from: { at: Instant; zone: string },
): Pick<Earning, 'startsAt' | 'burnsAt' | 'inactivityDays' | 'restriction' | 'funder' | 'paysDebt'> {
  const terms = program.promotionByCode.get(rule)?.lot ?? program.baseLot;
  const { restriction, funder, paysDebt } = terms;
  // A fixed end that has passed meanwhile: what was promised exists, and is over.
  const dates = datesOfLot(program, terms, from) ?? { startsAt: from.at, burnsAt: from.at, inactivityDays: null };
  return { ...dates, restriction, funder, paysDebt };
}

export function datesOfLot(
  program: CompiledProgram,
  terms: LotTerms,
  from: { at: Instant; zone: string },
): LotDates | null {
  const startsAt = startOf(program, terms, from);
  const burnsAt = burnOf(program, terms, { startsAt, zone: from.zone });
  if (burnsAt !== null && isAtOrBefore(burnsAt, startsAt)) return null;
  return { startsAt, burnsAt, inactivityDays: terms.term.kind === 'inactivity' ? terms.term.days : null };
}

function startOf(program: CompiledProgram, { delay }: LotTerms, { at, zone }: { at: Instant; zone: string }): Instant {
  if ('hours' in delay) return delay.hours === 0 ? at : hoursAfter(at, delay.hours);
  return delay.days === 0
    ? at
    : remembered(program, `start ${delay.days}`, { at, zone }, () => endOfDaysAfter(at, delay.days, zone));
}

function burnOf(
  program: CompiledProgram,
  { term }: LotTerms,
  { startsAt, zone }: { startsAt: Instant; zone: string },
): Instant | null {
  const day = (key: string, end: () => Instant): Instant => remembered(program, key, { at: startsAt, zone }, end);
  switch (term.kind) {
    case 'never':
      return null;
    case 'days':
    case 'inactivity':
      return day(`days ${term.days}`, () => endOfDaysAfter(startsAt, term.days, zone));
    case 'months':
      return day(`months ${term.months}`, () => endOfDay(localDate(startsAt, zone).add({ months: term.months }), zone));
    case 'years':
      return day(`years ${term.years}`, () => endOfDay(localDate(startsAt, zone).add({ years: term.years }), zone));
    case 'until':
      return endOfDay(Temporal.PlainDate.from(term.date), zone);
  }
}

const rememberedMax = 4_096;
const hourMs = 3_600_000;

/**
 * The end of a day costs more than the rest of a quote (zones are slow), and thousands of receipts of one hour ask for the same one. The key
 * is the quarter of an hour: no zone's midnight falls inside one since 1972, so all instants of a quarter share a local date.
 */
function remembered(
  program: CompiledProgram,
  key: string,
  { at, zone }: { at: Instant; zone: string },
  end: () => Instant,
): Instant {
  const quarter = Math.floor(at.epochMilliseconds / (hourMs / 4));
  const full = `${key} ${zone} ${quarter}`;
  const known = program.dayEnds.get(full);
  if (known) return known;
  const made = end();
  if (program.dayEnds.size >= rememberedMax) program.dayEnds.clear();
  program.dayEnds.set(full, made);
  return made;
}
