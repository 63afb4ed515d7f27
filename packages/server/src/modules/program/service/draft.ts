import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { Draft } from '../domain/version.ts';
import { findDraft, lockDraft, putDraft } from '../store/draft-store.ts';
import { latestNumber, lockVersions } from '../store/version-store.ts';
import { type CheckedDocument, checkDocument } from './check-draft.ts';
import type { Actor, ProgramDeps } from './deps.ts';

export interface SaveDraft {
  readonly document: Record<string, unknown>;
  /** The revision that was read; absent: whatever there is. */
  readonly revision?: number | undefined;
  readonly caller: Actor;
  readonly now: Instant;
}

export type DraftRefusal = { readonly code: 'draft_changed' } | { readonly code: 'draft_not_found' };

/** Keeps the draft, finished or not. Nothing at the tills changes. */
export function saveDraft(deps: ProgramDeps, command: SaveDraft): Promise<Outcome<Draft, { code: 'draft_changed' }>> {
  return inTransaction(deps.db, (tx) => saveDraftIn(tx, deps, command));
}

export async function saveDraftIn(
  tx: Tx,
  deps: ProgramDeps,
  command: SaveDraft,
): Promise<Outcome<Draft, { code: 'draft_changed' }>> {
  const { document, caller, now } = command;
  await lockVersions(tx);
  const before = await lockDraft(tx);
  if (command.revision !== undefined && command.revision !== (before?.revision ?? 0))
    return refused({ code: 'draft_changed' });
  const number = await latestNumber(tx);
  const draft: Draft = {
    document,
    revision: (before?.revision ?? 0) + 1,
    basedOn: before === null ? (number === 0 ? null : number) : before.basedOn,
    author: { kind: caller.kind, id: caller.id, name: caller.name },
    savedAt: now,
  };
  await putDraft(tx, draft);
  await recordAudit(tx, {
    now,
    newId: deps.newId,
    caller,
    action: 'program.draft_saved',
    subject: { kind: 'program', id: 'draft' },
    before: before === null ? null : { revision: before.revision },
    after: { revision: draft.revision },
  });
  return done(draft);
}

export async function readDraft(
  deps: ProgramDeps,
  now: Instant,
): Promise<Outcome<Draft & CheckedDocument, { code: 'draft_not_found' }>> {
  const draft = await findDraft(deps.db);
  if (draft === null) return refused({ code: 'draft_not_found' });
  return done({ ...draft, ...(await checkDocument(deps, draft.document, now)) });
}
