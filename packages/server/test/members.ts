// What the members module is mounted with in tests: the real standing, a fixed secret, one shop.
import { phoneRegion } from '#kernel/phone.ts';
import type { MemberHooks, MembersDeps } from '#modules/members/index.ts';
import { createStanding, lockStanding, nextRevision, saveStanding } from '#modules/standing/index.ts';
import type { VirtualClock } from '#platform/clock.ts';
import type { Database } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import { idMaker, seededRandom } from '#platform/random.ts';

export const mainShop = { code: 'main', shopId: '018f0000-0000-7000-8000-00000000a001' } as const;

export const testCaller: Caller = {
  kind: 'api_key',
  id: '018f0000-0000-7000-8000-00000000c001',
  name: 'tests',
  integration: 'tests',
  scopes: new Set(['admin']),
  shopIds: null,
  test: false,
};

export const standingHooks: MemberHooks = {
  registered: async (tx, { memberId, at }) => {
    await createStanding(tx, { memberId, joinedAt: at, tierCode: null });
    return { revision: 0n };
  },
  blocked: async (tx, { memberId, blocked }) => {
    const standing = await lockStanding(tx, memberId);
    if (standing === null) throw new Error('a member without a standing');
    const next = { ...nextRevision(standing), blocked };
    await saveStanding(tx, next);
    return { revision: next.revision };
  },
  nextRevision: async (tx, memberId) => {
    const standing = await lockStanding(tx, memberId);
    if (standing === null) throw new Error('a member without a standing');
    const next = nextRevision(standing);
    await saveStanding(tx, next);
    return next.revision;
  },
};

export function membersDeps(db: Database, clock: VirtualClock, more: Partial<MembersDeps> = {}): MembersDeps {
  return {
    db,
    newId: idMaker(clock, seededRandom(7)),
    settings: { region: phoneRegion('RU'), cardPrefix: '290', virtualCard: false },
    secret: 'a secret of at least thirty-two characters',
    hooks: standingHooks,
    parts: () => [],
    shopIdOf: (code) => (code === mainShop.code ? mainShop.shopId : null),
    ...more,
  };
}
