import { done, type Outcome, refused } from '#kernel/outcome.ts';
import type { Instant } from '#kernel/time.ts';
import type { ProgramDocument } from '../domain/document.ts';
import { diffProgram } from '../domain/sentences/diff.ts';
import type { Template } from '../domain/sentences/format.ts';
import type { ProgramProblem } from '../domain/validate/problem.ts';
import { validateFor } from './check-draft.ts';
import type { ProgramDeps } from './deps.ts';
import { readDraft } from './draft.ts';
import { readVersion } from './read-versions.ts';

/** One side of a comparison: a published version, the draft, or a document from elsewhere. */
export type Compared =
  | { readonly kind: 'version'; readonly number: number }
  | { readonly kind: 'draft' }
  | { readonly kind: 'document'; readonly json: unknown };

export type CompareRefusal =
  | { readonly code: 'version_not_found' }
  | { readonly code: 'draft_not_found' }
  | { readonly code: 'program_invalid'; readonly problems: readonly ProgramProblem[] };

/** What the second says otherwise than the first, one sentence each. */
export async function comparePrograms(
  deps: ProgramDeps,
  sides: { readonly before: Compared; readonly after: Compared; readonly now: Instant },
): Promise<Outcome<readonly Template[], CompareRefusal>> {
  const before = await documentOf(deps, sides.before, sides.now);
  if (!before.ok) return before;
  const after = await documentOf(deps, sides.after, sides.now);
  if (!after.ok) return after;
  return done(diffProgram(before.value, after.value));
}

async function documentOf(
  deps: ProgramDeps,
  compared: Compared,
  now: Instant,
): Promise<Outcome<ProgramDocument, CompareRefusal>> {
  if (compared.kind === 'version') {
    const found = await readVersion(deps.db, compared.number);
    return found.ok ? done(found.value.document) : found;
  }
  const draft = compared.kind === 'draft' ? await readDraft(deps, now) : null;
  if (draft !== null && !draft.ok) return draft;
  const json = compared.kind === 'document' ? compared.json : draft?.value.document;
  const validation = await validateFor(deps, deps.db, { json, now });
  return validation.ok
    ? done(validation.document)
    : refused({ code: 'program_invalid', problems: validation.problems });
}
