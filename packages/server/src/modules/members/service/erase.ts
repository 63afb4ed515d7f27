import type { Temporal } from 'temporal-polyfill';
import { done, type Outcome, refused } from '#kernel/outcome.ts';
import { type Db, inTransaction, type Tx } from '#platform/db.ts';
import { toJson } from '#platform/db-values.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { MemberPart } from '#platform/member-parts.ts';
import type { MemberId } from '../domain/member.ts';
import { findAliases } from '../store/members.ts';
import { auditChange, type MembersDeps, recordChange } from './deps.ts';
import { familyOf, type LivingRefusal, lockLiving } from './living.ts';
import { partsOf } from './merge.ts';

export interface EraseCommand {
  readonly memberId: MemberId;
  readonly by: Caller;
  readonly now: Temporal.Instant;
}

/** Some module has unfinished business with the member, such as open_orders; the erasure has to be asked for again later. */
export interface ErasureWaits {
  readonly code: 'erasure_waits';
  readonly details: { readonly module: string; readonly reason: string };
}

/** R34, all modules in one transaction; who was merged into the member goes too. It cannot be undone. */
export async function eraseMember(
  deps: MembersDeps,
  command: EraseCommand,
): Promise<Outcome<MemberId, LivingRefusal | ErasureWaits>> {
  const { now, by } = command;
  return inTransaction(deps.db, async (tx) => {
    const locked = await lockLiving(tx, command.memberId);
    if (!locked.ok) return locked;
    const { memberId } = locked.value;
    const family = [memberId, ...(await findAliases(tx, memberId))];
    // Ours last: while the others erase, the member is still there to be read.
    for (const part of partsOf(deps).reverse()) {
      const erased = await erasePart(tx, part, { family, now, newId: deps.newId });
      if (!erased.ok) return erased;
    }
    await recordChange(tx, deps, {
      ...{ action: 'member.erase', fact: 'member_erased', memberId, at: now, by },
      data: { aliases: family.slice(1) },
    });
    return done(memberId);
  });
}

async function erasePart(
  tx: Tx,
  part: MemberPart,
  context: { readonly family: readonly MemberId[]; readonly now: Temporal.Instant; readonly newId: () => string },
): Promise<Outcome<null, ErasureWaits>> {
  for (const memberId of context.family) {
    const erased = await part.erase(tx, memberId, context);
    if (erased.ok) continue;
    return refused({ code: 'erasure_waits', details: { module: part.module, reason: erased.refusal.code } });
  }
  return done(null);
}

/** Everything about a person, by module (R34). */
export interface MemberExport {
  readonly memberId: MemberId;
  readonly memberIds: readonly MemberId[];
  readonly madeAt: Temporal.Instant;
  readonly modules: Readonly<Record<string, unknown>>;
}

export async function exportMember(
  deps: MembersDeps,
  command: EraseCommand,
): Promise<Outcome<MemberExport, { readonly code: 'member_not_found' }>> {
  const family = await familyOf(deps.db, command.memberId);
  const [memberId] = family;
  if (memberId === undefined) return refused({ code: 'member_not_found' });
  const modules = await collect(deps.db, partsOf(deps), family);
  // Who took a person's whole record is itself on record.
  await inTransaction(deps.db, (tx) =>
    auditChange(tx, deps, {
      action: 'member.export',
      memberId,
      at: command.now,
      by: command.by,
      data: { aliases: family.slice(1) },
    }),
  );
  return done({ memberId, memberIds: family, madeAt: command.now, modules });
}

async function collect(
  db: Db,
  parts: readonly MemberPart[],
  family: readonly MemberId[],
): Promise<Record<string, unknown>> {
  const modules: Record<string, unknown> = {};
  for (const part of parts) {
    // As JSON through and through: bigints, instants and dates come out as they go on the wire.
    modules[part.module] = JSON.parse(toJson(await part.exportData(db, family)));
  }
  return modules;
}
