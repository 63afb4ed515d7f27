import type { ProgramPort } from '#modules/program/index.ts';
import type { Database, Db } from '#platform/db.ts';
import type { NewId } from '#platform/random.ts';
import type { TiersSection } from '../domain/tier.ts';

export interface TiersDeps {
  readonly db: Database;
  readonly newId: NewId;
  readonly program: ProgramPort;
  readonly people: People;
}

/** What tiers need of people; wiring gives it, because members is not below us. */
export interface People {
  /** The living member behind an id (an alias leads to its survivor); null: nobody. */
  resolve(memberId: string): Promise<string | null>;
  /** The zone of each member: their own, else the installation's (R3). */
  zones(db: Db, memberIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

const noTiers: TiersSection = { list: [], review_days: null, warning_days: 0, return_window_days: 0 };

/** Of the published program; none before the first publication. */
export function tiersInForce(deps: Pick<TiersDeps, 'program'>): TiersSection {
  return deps.program.current()?.document.tiers ?? noTiers;
}

export async function zoneOf(deps: Pick<TiersDeps, 'people'>, db: Db, memberId: string): Promise<string> {
  return (await deps.people.zones(db, [memberId])).get(memberId) ?? 'UTC';
}
