import * as contract from '@kopilka/contract/program';
import { z } from 'zod';
import { done } from '#kernel/outcome.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { handler, type MountedRoute } from '#platform/http/handler.ts';
import { programJsonSchema, ruleForms } from '../domain/rule-forms.ts';
import type { Draft, NewVersion, ProgramVersion } from '../domain/version.ts';
import { type CheckedDocument, checkDocument } from '../service/check-draft.ts';
import type { ProgramDeps } from '../service/deps.ts';
import { readDraft, saveDraft } from '../service/draft.ts';
import { publishDraft, rollBackProgram } from '../service/publish.ts';
import { listProgramVersions, type ReadVersion, readCurrent, readVersion } from '../service/read-versions.ts';

export function programRoutes(deps: ProgramDeps): MountedRoute[] {
  return [...readingRoutes(deps), ...draftRoutes(deps), ...publishingRoutes(deps)];
}

const cursorPlace = z.tuple([z.string().regex(/^\d{1,9}$/)]);

function readingRoutes(deps: ProgramDeps): MountedRoute[] {
  return [
    handler(contract.readProgram, async () => {
      const found = await readCurrent(deps.db);
      return found.ok ? done(presentVersion(found.value)) : found;
    }),
    handler(contract.listProgramVersions, async ({ query }) => {
      const [before] = readCursor(query.cursor, cursorPlace) ?? [null];
      const beforeNumber = before === null ? null : Number(before);
      const { versions, latest } = await listProgramVersions(deps.db, { beforeNumber, limit: query.limit + 1 });
      const shown = versions.slice(0, query.limit);
      const last = shown.at(-1);
      return done({
        items: shown.map((version) => presentHead(version, version.number === latest)),
        next_cursor: versions.length > query.limit && last ? writeCursor([String(last.number)]) : null,
      });
    }),
    handler(contract.readProgramVersion, async ({ params }) => {
      const found = await readVersion(deps.db, params.version);
      return found.ok ? done(presentVersion(found.value)) : found;
    }),
    handler(contract.readProgramSchema, () => done(programJsonSchema())),
    handler(contract.listRuleKinds, () => done(presentForms(ruleForms()))),
  ];
}

function draftRoutes(deps: ProgramDeps): MountedRoute[] {
  return [
    handler(contract.readProgramDraft, async ({ now }) => {
      const draft = await readDraft(deps, now);
      return draft.ok ? done(presentDraft(draft.value)) : draft;
    }),
    handler(contract.saveProgramDraft, async ({ body, caller, now }) => {
      const saved = await saveDraft(deps, { ...body, caller, now });
      return saved.ok
        ? done(presentDraft({ ...saved.value, ...(await checkDocument(deps, body.document, now)) }))
        : saved;
    }),
    handler(contract.validateProgramDraft, async ({ body, now }) => {
      if (body.document !== undefined) return done(presentCheck(await checkDocument(deps, body.document, now)));
      const draft = await readDraft(deps, now);
      return draft.ok ? done(presentCheck(draft.value)) : draft;
    }),
  ];
}

function publishingRoutes(deps: ProgramDeps): MountedRoute[] {
  return [
    handler(contract.publishProgram, async ({ body, caller, now }) => {
      const published = await publishDraft(deps, { ...body, caller, now });
      return published.ok ? done(await presentNew(deps, published.value)) : published;
    }),
    handler(contract.rollBackProgram, async ({ body, caller, now }) => {
      const restored = await rollBackProgram(deps, { ...body, caller, now });
      return restored.ok ? done(await presentNew(deps, restored.value)) : restored;
    }),
  ];
}

async function presentNew(deps: ProgramDeps, version: NewVersion) {
  const read = await readVersion(deps.db, version.number);
  return presentVersion(read.ok ? read.value : { ...version, inForce: true, changes: [] });
}

function presentHead(version: ProgramVersion, inForce: boolean) {
  return {
    version: version.number,
    state: inForce ? ('published' as const) : ('retired' as const),
    comment: version.comment,
    author: version.author.name,
    published_at: version.publishedAt.toString(),
    restored_from: version.restoredFrom,
  };
}

function presentVersion(version: ReadVersion) {
  return { ...presentHead(version, version.inForce), document: { ...version.document }, changes: [...version.changes] };
}

function presentDraft(draft: Draft & CheckedDocument) {
  return {
    revision: draft.revision,
    based_on: draft.basedOn,
    author: draft.author.name,
    saved_at: draft.savedAt.toString(),
    document: draft.document,
    problems: [...draft.problems],
    changes: [...draft.changes],
  };
}

function presentCheck({ valid, problems, changes }: CheckedDocument) {
  return { valid, problems: [...problems], changes: [...changes] };
}

function presentForms({ conditions, effects }: ReturnType<typeof ruleForms>) {
  return { conditions: conditions.map((form) => ({ ...form })), effects: effects.map((form) => ({ ...form })) };
}
