import type { Temporal } from 'temporal-polyfill';
import { recordAudit } from '#modules/access/index.ts';
import type { Database, Tx } from '#platform/db.ts';
import { type Fact, type FactOrigin, factNo, recordFacts } from '#platform/facts.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import type { NewId } from '#platform/random.ts';
import type { ReadingRules } from '../domain/identity.ts';
import type { MemberId } from '../domain/member.ts';

/** What the modules above do when a member changes; wiring gives it, because calls go down only. */
export interface MemberHooks {
  /** Makes the member's standing. */
  registered(tx: Tx, member: RegisteredMember): Promise<{ readonly revision: bigint }>;
  /** Blocks or unblocks the standing, which is what a purchase looks at. */
  blocked(
    tx: Tx,
    member: { readonly memberId: MemberId; readonly blocked: boolean },
  ): Promise<{ readonly revision: bigint }>;
  /** Locks the standing and counts its revision up; a fact is numbered by it. */
  nextRevision(tx: Tx, memberId: MemberId): Promise<bigint>;
}

export interface RegisteredMember {
  readonly memberId: MemberId;
  readonly at: Temporal.Instant;
  readonly shopId: string | null;
  readonly origin: FactOrigin;
}

export interface MemberSettings extends ReadingRules {
  /** True: whoever registers without a card gets a virtual one. */
  readonly virtualCard: boolean;
}

export interface MembersDeps {
  readonly db: Database;
  readonly newId: NewId;
  readonly settings: MemberSettings;
  /** Keys the hashes that outlive an erasure and shuffles card numbers. Never changes while the data lives. */
  readonly secret: string;
  readonly hooks: MemberHooks;
  /** Every module's part, lowest first. A function: the modules above are mounted later. Our own may be among them. */
  readonly parts: () => readonly MemberPart[];
  /** Shops have codes on the wire and ids in the database. null: there is no such shop. */
  readonly shopIdOf: (code: string) => string | null | Promise<string | null>;
}

// The module's place among the facts of one revision, so that modules that share a revision do not clash.
const factPlace = 900;

export function memberFact(revision: bigint, fact: Omit<Fact, 'factNo'>): Fact {
  return { ...fact, factNo: factNo(revision, factPlace) };
}

export interface MemberChange {
  /** The audit log's action, such as member.block. */
  readonly action: string;
  /** The fact told upwards; null: it concerns no other module. */
  readonly fact: string | null;
  readonly memberId: MemberId;
  readonly at: Temporal.Instant;
  readonly by: Caller;
  /** No personal data: ids, kinds, codes. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly origin?: FactOrigin;
}

/** One change of a member: counted, told upwards, written to the audit log. */
export async function recordChange(
  tx: Tx,
  deps: Pick<MembersDeps, 'hooks' | 'newId'>,
  change: MemberChange,
): Promise<void> {
  const { fact: kind, memberId, at, data, origin = 'live' } = change;
  if (kind !== null) {
    const revision = await deps.hooks.nextRevision(tx, memberId);
    await recordFacts(tx, [memberFact(revision, { memberId, kind, at, origin, data })]);
  }
  await auditChange(tx, deps, change);
}

export function auditChange(
  tx: Tx,
  deps: Pick<MembersDeps, 'newId'>,
  change: Pick<MemberChange, 'action' | 'memberId' | 'at' | 'by' | 'data'>,
): Promise<void> {
  return recordAudit(tx, {
    now: change.at,
    newId: deps.newId,
    caller: change.by,
    action: change.action,
    subject: { kind: 'member', id: change.memberId },
    before: null,
    after: change.data,
  });
}
