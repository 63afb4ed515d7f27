import { z } from 'zod';
import { anniversary, localDate, type PlainDate } from '#kernel/time.ts';
import { type AnyMemberField, type Bind, type FieldMoment, memberField } from '#platform/member-fields.ts';
import { daysSince, type MemberFacts } from './facts.ts';
import { daysSinceSql, isWithin, rangeArgs, within } from './range.ts';

const daysInProgram = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'days_in_program',
  args: rangeArgs(),
  sentence: { ru: 'в программе от {at_least} до {at_most} дней', en: '{at_least} to {at_most} days in the program' },
  inQuote: true,
  holds: (range, facts, moment) => isWithin(range, daysSince(facts.person.joinedAt, facts, moment)),
  sql: (range, moment, bind) => within(range, daysSinceSql('m.joined_at', moment, bind), bind),
});

const shopIds = z.strictObject({ shop_ids: z.array(z.uuid()).min(1).max(2_000) });

const joinedShop = memberField<MemberFacts, z.output<typeof shopIds>>({
  code: 'joined_shop',
  args: shopIds,
  sentence: { ru: 'вступил в магазине из списка {shop_ids}', en: 'joined in one of {shop_ids}' },
  inQuote: true,
  holds: ({ shop_ids: ids }, { person }) => person.joinedShopId !== null && ids.includes(person.joinedShopId),
  sql: ({ shop_ids: ids }, _moment, bind) =>
    `m.joined_shop_id is not null and m.joined_shop_id = any(${bind(ids, 'uuid[]')})`,
});

const genderArgs = z.strictObject({ is: z.enum(['female', 'male', 'unknown']) });

const gender = memberField<MemberFacts, z.output<typeof genderArgs>>({
  code: 'gender',
  args: genderArgs,
  sentence: { ru: 'пол: {is}', en: 'gender: {is}' },
  inQuote: true,
  holds: ({ is }, { person }) => (person.gender ?? 'unknown') === is,
  sql: ({ is }, _moment, bind) => `coalesce(m.gender, 'unknown') = ${bind(is, 'text')}`,
});

/** Born on 29 February, a year older on 28 February of common years (R3): PostgreSQL's own age() waits until 1 March. */
const age = memberField<MemberFacts, z.output<ReturnType<typeof rangeArgs>>>({
  code: 'age',
  args: rangeArgs(),
  sentence: { ru: 'возраст от {at_least} до {at_most} лет', en: 'from {at_least} to {at_most} years old' },
  inQuote: true,
  holds: (range, facts, moment) => {
    const { birthday } = facts.person;
    if (birthday === null) return false;
    const today = todayOf(facts, moment);
    const hadIt = today.since(anniversary(birthday, today.year)).sign >= 0;
    return isWithin(range, BigInt(today.year - birthday.year - (hadIt ? 0 : 1)));
  },
  sql: (range, moment, bind) => {
    const today = todaySql(moment, bind);
    const years = `(extract(year from ${today}) - extract(year from m.birthday))::int`;
    const birthdayNow = `(m.birthday + make_interval(years => ${years}))::date`;
    return within(range, `(${years} - case when ${today} >= ${birthdayNow} then 0 else 1 end)`, bind);
  },
});

const birthdayArgs = z.strictObject({
  /** Today and so many days ahead. */
  days_before: z.int().min(0).max(180).default(0),
  /** And so many days after it. */
  days_after: z.int().min(0).max(180).default(0),
});

const birthday = memberField<MemberFacts, z.output<typeof birthdayArgs>>({
  code: 'birthday',
  args: birthdayArgs,
  sentence: {
    ru: 'день рождения: от {days_before} дней до него и до {days_after} дней после',
    en: 'birthday: from {days_before} days before it to {days_after} days after',
  },
  inQuote: true,
  holds: ({ days_before: before, days_after: after }, facts, moment) => {
    const born = facts.person.birthday;
    if (born === null) return false;
    const today = todayOf(facts, moment);
    return [-1, 0, 1].some((shift) => {
      const distance = today.until(anniversary(born, today.year + shift), { largestUnit: 'days' }).days;
      return distance <= before && distance >= -after;
    });
  },
  sql: ({ days_before: before, days_after: after }, moment, bind) => {
    const today = todaySql(moment, bind);
    const years = `(extract(year from ${today}) - extract(year from m.birthday))::int`;
    const bounds = `between -${bind(after, 'int')} and ${bind(before, 'int')}`;
    const near = [-1, 0, 1].map(
      (shift) => `(m.birthday + make_interval(years => ${years} + (${shift})))::date - ${today} ${bounds}`,
    );
    return `m.birthday is not null and (${near.join(' or ')})`;
  },
});

function todayOf(facts: MemberFacts, moment: FieldMoment): PlainDate {
  return localDate(moment.now, facts.person.zone ?? moment.zone);
}

function todaySql(moment: FieldMoment, bind: Bind): string {
  return `(${bind(moment.now, 'timestamptz')} at time zone coalesce(m.zone, ${bind(moment.zone, 'text')}))::date`;
}

export const personFields: readonly AnyMemberField<MemberFacts>[] = [daysInProgram, joinedShop, gender, age, birthday];
