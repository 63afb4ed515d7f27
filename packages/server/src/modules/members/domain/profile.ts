import { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant, PlainDate } from '#kernel/time.ts';
import { changeFields, type FieldChanges, type FieldDefinition, type FieldRefusal } from './fields.ts';
import type { Gender, Language, Profile } from './member.ts';

/** null takes a value away, what is not named stays. */
export interface ProfileChanges {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly patronymic?: string | null | undefined;
  readonly birthday?: PlainDate | null | undefined;
  readonly gender?: Gender | null | undefined;
  readonly zone?: string | null | undefined;
  readonly language?: Language | null | undefined;
  readonly fields?: FieldChanges | undefined;
}

export type ProfileRefusal =
  | { readonly code: 'birthday_impossible'; readonly field: '/birthday' }
  | { readonly code: 'zone_unknown'; readonly field: '/zone' }
  | FieldRefusal;

const oldestYear = 1900;

export function changeProfile(
  before: Profile,
  changes: ProfileChanges,
  context: { readonly now: Instant; readonly definitions: readonly FieldDefinition[] },
): Outcome<Profile, ProfileRefusal> {
  const birthday = kept(before.birthday, changes.birthday);
  if (birthday !== null && !isPossibleBirthday(birthday, context.now)) {
    return refused({ code: 'birthday_impossible', field: '/birthday' });
  }
  const zone = kept(before.zone, changes.zone);
  if (zone !== null && !isZone(zone)) return refused({ code: 'zone_unknown', field: '/zone' });
  const fields = changeFields(context.definitions, before.fields, changes.fields ?? {});
  if (!fields.ok) return fields;
  return done({
    firstName: name(before.firstName, changes.firstName),
    lastName: name(before.lastName, changes.lastName),
    patronymic: name(before.patronymic, changes.patronymic),
    birthday,
    gender: kept(before.gender, changes.gender),
    zone,
    language: kept(before.language, changes.language),
    fields: fields.value,
  });
}

function kept<Value>(before: Value | null, change: Value | null | undefined): Value | null {
  return change === undefined ? before : change;
}

/** One space between words, composed letters; a name of spaces is no name. */
function name(before: string | null, change: string | null | undefined): string | null {
  if (change === undefined || change === null) return kept(before, change);
  const cleaned = change.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return cleaned === '' ? null : cleaned;
}

function isPossibleBirthday(birthday: PlainDate, now: Instant): boolean {
  // Somewhere on Earth it is already tomorrow.
  const latest = now.toZonedDateTimeISO('Pacific/Kiritimati').toPlainDate();
  return birthday.year >= oldestYear && Temporal.PlainDate.compare(birthday, latest) <= 0;
}

const usableZones = new Set<string>();

/** A stored zone that this machine does not know (any more) is none: one such member must not stop a sale, or the work on all the others. */
export function usableZone(zone: string | null): string | null {
  if (zone === null || usableZones.has(zone)) return zone;
  if (!isZone(zone)) return null;
  usableZones.add(zone);
  return zone;
}

/** A name such as Asia/Yekaterinburg; a bare offset would not know about summer time. */
function isZone(zone: string): boolean {
  if (!/^(?:UTC|[A-Za-z_]+\/[A-Za-z0-9_+/-]+)$/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
