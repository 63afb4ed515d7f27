import { Temporal } from 'temporal-polyfill';
import {
  type ConsentWord,
  type IdentityDraft,
  type RegisterCommand,
  type RegisterOutcome,
  registerMembers,
} from '#modules/members/index.ts';
import { readStandings } from '#modules/standing/index.ts';
import type { Tx } from '#platform/db.ts';
import type { MemberExtras } from '../domain/consent-reader.ts';
import type { FileImport } from '../domain/import.ts';
import { identityFields } from '../domain/kinds.ts';
import type { StoredProblem } from '../store/problem-store.ts';
import {
  type StagedMember,
  type StagedRow,
  setStagedMemberIds,
  stagedMembersAfter,
  stagedRowsAfter,
} from '../store/staged-rows.ts';
import { saveNewMembers } from '../store/touched-store.ts';
import { closeBatch, rowPlace } from './batch.ts';
import type { ImportsDeps } from './deps.ts';
import { identityOf } from './stage-file.ts';
import { identityKind } from './stage-row.ts';

const batchRows = 500;

/** The next rows of a file of members; null: there are none. */
export function applyMembers(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  return deps.db.inOne(async (tx) => {
    const rows = await stagedRowsAfter(tx, rowPlace(one), batchRows);
    const last = rows.at(-1);
    if (!last) return null;
    const commands = rows.map((row) => commandOf(deps, one, row));
    const outcomes = await registerMembers(tx, deps.members, { commands, now: deps.clock.now() });
    const made = await keepNew(tx, one.importId, outcomes);
    const problems = rows.flatMap((row, index) => problemOf(row, outcomes[index]));
    const known = outcomes.length - made - problems.length;
    return closeBatch(tx, deps, one, {
      made: { members_made: made, members_known: known },
      problems,
      checkpoint: { after: String(last.rowNo) },
      finished: rows.length,
    });
  });
}

async function keepNew(tx: Tx, importId: string, outcomes: readonly RegisterOutcome[]): Promise<number> {
  const ids = outcomes.flatMap((outcome) => (outcome.ok && outcome.value.created ? [outcome.value.memberId] : []));
  const standings = await readStandings(tx, ids);
  const made = ids.map((memberId) => ({ memberId, isNew: true, revision: standings.get(memberId)?.revision ?? 0n }));
  await saveNewMembers(tx, importId, made);
  return ids.length;
}

function problemOf(row: StagedRow, outcome: RegisterOutcome | undefined): StoredProblem[] {
  if (outcome === undefined || outcome.ok) return [];
  const { refusal } = outcome;
  return [{ rowNo: row.rowNo, code: refusal.code, field: refusal.field, detail: 'the members module says no' }];
}

type MemberRecord = Readonly<Record<string, string | boolean | undefined>> & { readonly extras?: MemberExtras };

function commandOf(deps: ImportsDeps, one: FileImport, row: StagedRow): RegisterCommand {
  const record = JSON.parse(row.record) as MemberRecord;
  const text = (name: string) => record[name] as string | undefined;
  const identities: IdentityDraft[] = identityFields.flatMap((field) => {
    const value = text(field);
    return value === undefined ? [] : [{ kind: identityKind(field, one.mapping), value }];
  });
  const birthday = text('birthday');
  const joinedAt = text('joined_at');
  const shop = text('shop');
  return {
    identities,
    profile: {
      firstName: text('first_name'),
      lastName: text('last_name'),
      patronymic: text('patronymic'),
      birthday: birthday === undefined ? undefined : Temporal.PlainDate.from(birthday),
      gender: text('gender') as 'female' | 'male' | undefined,
      zone: text('zone'),
      language: text('language') as 'ru' | 'en' | undefined,
      fields: record.extras?.custom ?? {},
    },
    consents: (record.extras?.consents ?? []).map(consentOf),
    joinedAt: joinedAt === undefined ? undefined : Temporal.Instant.from(joinedAt),
    // An unknown code goes on as it is: the members module answers shop_unknown.
    shopId: shop === undefined ? null : (deps.catalog.catalog.snapshot().shopByCode(shop)?.shopId ?? shop),
    staff: record['staff'] === true,
    ...origin(one),
  };
}

function origin(one: FileImport) {
  return {
    origin: 'import' as const,
    source: 'import',
    registeredBy: one.requestedBy.id,
    onExisting: 'return' as const,
  };
}

function consentOf(read: MemberExtras['consents'][number]): ConsentWord {
  const { proof } = read;
  return {
    channel: read.channel as ConsentWord['channel'],
    purpose: read.purpose as ConsentWord['purpose'],
    given: read.given,
    at: Temporal.Instant.from(String(read.at)),
    source: 'import',
    textShown: read.textShown ?? undefined,
    proof: proof === null ? undefined : { kind: proof.kind, reference: proof.reference ?? undefined },
  };
}

/** Members whom only the receipts name, made before the receipts; null: all are there. They joined with their first purchase. */
export function makeMissingMembers(deps: ImportsDeps, one: FileImport): Promise<FileImport | null> {
  return deps.db.inOne(async (tx) => {
    const missing = await stagedMembersAfter(tx, one.checkpoint.after ?? '', { limit: batchRows, unknown: true });
    const last = missing.at(-1);
    if (!last) return null;
    const commands = missing.map((member) => buyer(one, member));
    const outcomes = await registerMembers(tx, deps.members, { commands, now: deps.clock.now() });
    const made = await keepNew(tx, one.importId, outcomes);
    const ids = new Map<string, string>();
    for (const [index, member] of missing.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok) ids.set(member.memberKey, outcome.value.memberId);
    }
    await setStagedMemberIds(tx, ids);
    const result = { made: { members_made: made }, problems: [], finished: 0 };
    return closeBatch(tx, deps, one, { ...result, checkpoint: { after: last.memberKey } });
  });
}

function buyer(one: FileImport, member: StagedMember): RegisterCommand {
  const { kind, value } = identityOf(member.memberKey);
  return { identities: [{ kind, value }], joinedAt: member.firstAt ?? undefined, virtualCard: false, ...origin(one) };
}
