import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import { recordAudit } from '#modules/access/index.ts';
import {
  type CheckedDocument,
  checkDocument,
  type Draft,
  type ProgramDeps,
  saveDraftIn,
} from '#modules/program/index.ts';
import { inTransaction } from '#platform/db.ts';
import type { Caller } from '#platform/http/caller.ts';
import type { Playbook } from '../domain/playbook.ts';
import { findPlaybook, playbooks } from '../domain/shelf.ts';

/** Playbooks put drafts where the program keeps them. */
export interface PlaybooksDeps {
  readonly program: ProgramDeps;
}

export interface InstallPlaybook {
  readonly code: string;
  /** false: a draft that somebody works on is not touched. */
  readonly replace: boolean;
  readonly caller: Pick<Caller, 'kind' | 'id' | 'name'>;
  readonly now: Instant;
}

export type InstallRefusal = { readonly code: 'playbook_not_found' } | { readonly code: 'draft_exists' };

export interface InstalledPlaybook extends CheckedDocument {
  readonly playbook: Playbook;
  readonly draft: Draft;
}

export function listPlaybooks(): readonly Playbook[] {
  return playbooks;
}

export function readPlaybook(code: string): Outcome<Playbook, { readonly code: 'playbook_not_found' }> {
  const playbook = findPlaybook(code);
  return playbook === null ? refused({ code: 'playbook_not_found' }) : done(playbook);
}

/** Makes the draft of a playbook. It never publishes: a marketer looks at it first. */
export async function installPlaybook(
  { program }: PlaybooksDeps,
  command: InstallPlaybook,
): Promise<Outcome<InstalledPlaybook, InstallRefusal>> {
  const playbook = findPlaybook(command.code);
  if (playbook === null) return refused({ code: 'playbook_not_found' });
  const { caller, now } = command;
  const saved = await inTransaction(program.db, async (tx): Promise<Outcome<Draft, InstallRefusal>> => {
    const draft = await saveDraftIn(tx, program, {
      document: playbook.program,
      // A revision that no draft has: only an absent one equals it.
      ...(command.replace ? {} : { revision: 0 }),
      caller,
      now,
    });
    if (!draft.ok) return refused({ code: 'draft_exists' });
    await recordAudit(tx, {
      now,
      newId: program.newId,
      caller,
      action: 'playbook.install',
      subject: { kind: 'playbook', id: playbook.code },
      before: null,
      after: { draft_revision: draft.value.revision },
    });
    return done(draft.value);
  });
  if (!saved.ok) return saved;
  return done({ playbook, draft: saved.value, ...(await checkDocument(program, playbook.program, now)) });
}
