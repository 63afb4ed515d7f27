import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import type { ProgramProblem } from '../domain/validate/problem.ts';
import type { NewVersion } from '../domain/version.ts';
import { findDraft } from '../store/draft-store.ts';
import { checkDocument } from './check-draft.ts';
import type { Actor, ProgramDeps } from './deps.ts';
import { saveDraft } from './draft.ts';
import { type PublishRefusal, publishDraft } from './publish.ts';

export interface PublishDocument {
  readonly document: Record<string, unknown>;
  readonly comment: string;
  /** true: a draft that somebody is working on is lost. */
  readonly replace: boolean;
  readonly caller: Actor;
  readonly now: Instant;
}

/** A document from elsewhere, such as a file, becomes the draft and is published. One with errors leaves the draft alone. */
export async function publishDocument(
  deps: ProgramDeps,
  command: PublishDocument,
): Promise<Outcome<NewVersion, PublishRefusal | { readonly code: 'draft_exists' }>> {
  const { document, caller, now, comment } = command;
  const checked = await checkDocument(deps, document, now);
  if (!checked.valid) return refused(invalid(checked.problems));
  const before = await findDraft(deps.db);
  if (before !== null && !command.replace) return refused({ code: 'draft_exists' });
  const saved = await saveDraft(deps, { document, revision: before?.revision ?? 0, caller, now });
  if (!saved.ok) return saved;
  const published = await publishDraft(deps, { comment, revision: saved.value.revision, caller, now });
  return published.ok ? done(published.value) : published;
}

function invalid(problems: readonly ProgramProblem[]): Extract<PublishRefusal, { code: 'program_invalid' }> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const told = errors.map(({ path, message }) => `${path}: ${message.en}`);
  return { code: 'program_invalid', field: errors[0]?.path ?? '', problems, details: { problems: told } };
}
