import { z } from 'zod';
import { isAllowed } from '#modules/members/index.ts';
import { type AnyMemberField, memberField } from '#platform/member-fields.ts';
import type { MemberFacts } from './facts.ts';

const scalar = z.union([z.string().min(1).max(2_000), z.int(), z.boolean()]);
const customArgs = z.strictObject({
  code: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'the code of a profile field'),
  /** Any of these; a list holds when it has any of them. */
  is: z.array(scalar).min(1).max(200),
});

const customField = memberField<MemberFacts, z.output<typeof customArgs>>({
  code: 'custom_field',
  args: customArgs,
  sentence: { ru: 'поле {code}: одно из {is}', en: 'field {code}: one of {is}' },
  inQuote: true,
  holds: ({ code, is }, { person }) => {
    const value = person.fields[code];
    if (value === undefined) return false;
    return typeof value === 'object' ? value.some((part) => is.includes(part)) : is.includes(value);
  },
  sql: ({ code, is }, _moment, bind) => {
    const value = `(m.fields -> ${bind(code, 'text')})`;
    // A scalar equals one of the values; a list shares one. jsonb compares types as well: 1 is not "1".
    const wanted = bind({ any: is }, 'jsonb');
    return `coalesce(exists (
      select from jsonb_array_elements(${wanted} -> 'any') as wanted
      where case jsonb_typeof(${value}) when 'array' then ${value} @> jsonb_build_array(wanted.value) else ${value} = wanted.value end
    ), false)`;
  },
});

const consentArgs = z.strictObject({
  channel: z.enum(['any', 'sms', 'call', 'email', 'telegram', 'max', 'vk', 'push', 'wallet']),
  purpose: z.enum(['advertising', 'service', 'profiling', 'personal_data']),
});

const consent = memberField<MemberFacts, z.output<typeof consentArgs>>({
  code: 'consent',
  args: consentArgs,
  sentence: { ru: 'согласие: {purpose}, канал {channel}', en: 'consent: {purpose} over {channel}' },
  // A purchase loads no consents.
  inQuote: false,
  holds: ({ channel, purpose }, { consents }) => isAllowed(consents ?? [], channel, purpose),
  // The last word on the channel or on all of them; at one instant a "no" is stronger (R33).
  sql: ({ channel, purpose }, _moment, bind) => `coalesce((
    select c.given from report.consent c
    where c.member_id = m.member_id and c.purpose = ${bind(purpose, 'text')} and c.channel = any(${bind([channel, 'any'], 'text[]')})
    order by c.at desc, c.given limit 1
  ), false)`,
});

export const wordFields: readonly AnyMemberField<MemberFacts>[] = [customField, consent];
