import type { CatalogPort } from '#modules/catalog/index.ts';
import type { MemberPort } from '#modules/ledger/index.ts';
import { familyOf, findMembers, type Member, resolveMember } from '#modules/members/index.ts';
import type { People } from '#modules/tiers/index.ts';
import type { Db } from '#platform/db.ts';

type Zoned = Pick<Member, 'zone' | 'joinedShopId'>;

/** R3: the member's own zone, else that of the shop of joining; null: the installation's. */
function zoneOf(catalog: CatalogPort, person: Zoned): string | null {
  if (person.zone !== null || person.joinedShopId === null) return person.zone;
  return catalog.snapshot().shopById(person.joinedShopId)?.zone ?? null;
}

/** What modules below `members` ask about people. */
export function memberPort(catalog: CatalogPort): MemberPort {
  return {
    familyOf,
    resolve: async (db, memberId) => {
      const member = await resolveMember(db, memberId);
      return member && { memberId: member.memberId, status: member.status, zone: zoneOf(catalog, member) };
    },
  };
}

export function peopleOf(db: Db, catalog: CatalogPort, installationZone: string): People {
  return {
    resolve: async (memberId) => (await resolveMember(db, memberId))?.memberId ?? null,
    zones: async (reader, memberIds) => {
      const people = await findMembers(reader, memberIds);
      return new Map(people.map((person) => [person.memberId, zoneOf(catalog, person) ?? installationZone]));
    },
  };
}
