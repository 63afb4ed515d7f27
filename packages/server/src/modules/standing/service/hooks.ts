import { required } from '#kernel/assert.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#platform/db.ts';
import { nextRevision } from '../domain/figures.ts';
import { createStanding, lockStanding, saveStanding } from '../store/standing-store.ts';

/** What `members` calls when a member changes; wiring hands it over, because neither module knows the other. */
export interface StandingHooks {
  registered(
    tx: Tx,
    member: { readonly memberId: string; readonly at: Instant },
  ): Promise<{ readonly revision: bigint }>;
  blocked(
    tx: Tx,
    member: { readonly memberId: string; readonly blocked: boolean },
  ): Promise<{ readonly revision: bigint }>;
  nextRevision(tx: Tx, memberId: string): Promise<bigint>;
}

/** `firstTier`: the tier everyone starts in by the published program; null: it has none. */
export function standingHooks(firstTier: () => string | null): StandingHooks {
  return {
    registered: async (tx, { memberId, at }) => {
      await createStanding(tx, { memberId, joinedAt: at, tierCode: firstTier() });
      return { revision: 0n };
    },
    blocked: async (tx, { memberId, blocked }) => {
      const standing = nextRevision({ ...(await locked(tx, memberId)), blocked });
      await saveStanding(tx, standing);
      return { revision: standing.revision };
    },
    nextRevision: async (tx, memberId) => {
      const standing = nextRevision(await locked(tx, memberId));
      await saveStanding(tx, standing);
      return standing.revision;
    },
  };
}

async function locked(tx: Tx, memberId: string) {
  return required(await lockStanding(tx, memberId), `standing of ${memberId}`);
}
