import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import { inTransaction, type Tx } from '#platform/db.ts';
import type { ProgramDocument } from '../domain/document.ts';
import type { ProgramProblem } from '../domain/validate/problem.ts';
import { readPublished } from '../domain/validate.ts';
import type { NewVersion } from '../domain/version.ts';
import { lockDraft, removeDraft } from '../store/draft-store.ts';
import { findVersion, insertVersion, latestNumber, lockVersions } from '../store/version-store.ts';
import { fixedPointValue, validateFor } from './check-draft.ts';
import type { Actor, ProgramDeps } from './deps.ts';

export interface Publish {
  readonly comment: string;
  /** The revision that was checked; absent: whatever there is. */
  readonly revision?: number | undefined;
  readonly caller: Actor;
  readonly now: Instant;
}

export interface InvalidProgram {
  readonly code: 'program_invalid';
  readonly field: string;
  readonly problems: readonly ProgramProblem[];
  readonly details: { readonly problems: readonly string[] };
}

export type PublishRefusal = { readonly code: 'draft_not_found' } | { readonly code: 'draft_changed' } | InvalidProgram;

/** Publishes the draft: the next receipt is calculated by it. It changes no lot, code, window, tier or held sale (R29). */
export async function publishDraft(deps: ProgramDeps, command: Publish): Promise<Outcome<NewVersion, PublishRefusal>> {
  await deps.port.refresh();
  const published = await inTransaction(deps.db, async (tx): Promise<Outcome<NewVersion, PublishRefusal>> => {
    await lockVersions(tx);
    const draft = await lockDraft(tx);
    if (draft === null) return refused({ code: 'draft_not_found' });
    if (command.revision !== undefined && command.revision !== draft.revision)
      return refused({ code: 'draft_changed' });
    const validation = await validateFor(deps, tx, { json: draft.document, now: command.now });
    if (!validation.ok) return refused(invalid(validation.problems));
    const version = await append(deps, tx, { ...command, document: validation.document, restoredFrom: null });
    await removeDraft(tx);
    return done(version);
  });
  if (published.ok) await deps.port.refresh();
  return published;
}

const problemsShown = 20;

function invalid(problems: readonly ProgramProblem[]): InvalidProgram {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return {
    code: 'program_invalid',
    field: errors[0]?.path ?? '',
    problems,
    details: { problems: errors.slice(0, problemsShown).map(({ path, message }) => `${path}: ${message.en}`) },
  };
}

export interface RollBack {
  readonly to: number;
  readonly comment: string;
  readonly caller: Actor;
  readonly now: Instant;
}

export type RollBackRefusal =
  | { readonly code: 'version_not_found' }
  | { readonly code: 'version_in_force' }
  | { readonly code: 'point_value_fixed' };

/** Publishes an older document again under a new number; the draft stays where it is. What it refers to may be gone: that is said nowhere, and stops nothing. */
export async function rollBackProgram(
  deps: ProgramDeps,
  command: RollBack,
): Promise<Outcome<NewVersion, RollBackRefusal>> {
  await deps.port.refresh();
  const restored = await inTransaction(deps.db, async (tx): Promise<Outcome<NewVersion, RollBackRefusal>> => {
    await lockVersions(tx);
    const version = await findVersion(tx, command.to);
    if (version === null) return refused({ code: 'version_not_found' });
    if (version.number === (await latestNumber(tx))) return refused({ code: 'version_in_force' });
    const document = readPublished(version.json);
    const fixed = await fixedPointValue(deps, tx);
    if (fixed !== null && fixed !== document.point_value) return refused({ code: 'point_value_fixed' });
    return done(await append(deps, tx, { ...command, document, restoredFrom: version.number }));
  });
  if (restored.ok) await deps.port.refresh();
  return restored;
}

interface Append {
  readonly document: ProgramDocument;
  readonly comment: string;
  readonly restoredFrom: number | null;
  readonly caller: Actor;
  readonly now: Instant;
}

async function append(
  deps: ProgramDeps,
  tx: Tx,
  { document, comment, restoredFrom, caller, now }: Append,
): Promise<NewVersion> {
  const before = await latestNumber(tx);
  const version: NewVersion = {
    number: before + 1,
    document,
    comment,
    author: { kind: caller.kind, id: caller.id, name: caller.name },
    publishedAt: now,
    restoredFrom,
  };
  await insertVersion(tx, version);
  await deps.published(tx, document);
  await recordAudit(tx, {
    now,
    newId: deps.newId,
    caller,
    action: restoredFrom === null ? 'program.published' : 'program.rolled_back',
    subject: { kind: 'program', id: String(version.number) },
    before: before === 0 ? null : { version: before },
    after: { version: version.number, comment, restored_from: restoredFrom },
  });
  return version;
}
