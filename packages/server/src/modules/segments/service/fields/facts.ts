import { type Instant, localDate } from '#kernel/time.ts';
import type { ConsentEntry, MemberForCheckout } from '#modules/members/index.ts';
import type { Standing } from '#modules/standing/index.ts';
import type { FieldMoment } from '#platform/member-fields.ts';

/** What is known of one member when a segment is asked about them. */
export interface MemberFacts {
  readonly person: Pick<MemberForCheckout, 'birthday' | 'gender' | 'zone' | 'joinedAt' | 'joinedShopId' | 'fields'>;
  readonly standing: Standing;
  /** The last words of each channel and purpose (`currentConsents`); absent where they are not loaded, as in a quote. */
  readonly consents?: readonly ConsentEntry[];
}

/** Whole local days from an instant to now, in the member's zone: yesterday evening is one day ago. */
export function daysSince(instant: Instant, facts: MemberFacts, moment: FieldMoment): bigint {
  const zone = facts.person.zone ?? moment.zone;
  return BigInt(localDate(instant, zone).until(localDate(moment.now, zone), { largestUnit: 'days' }).days);
}
