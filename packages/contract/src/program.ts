import { z } from 'zod';
import { route } from './route.ts';
import { instantText, localized, page, pageQuery, text } from './wire.ts';

/** The document itself is described by GET /v1/program/schema. */
const programDocument = z.record(z.string(), z.unknown()).meta({ description: 'see GET /v1/program/schema' });

const depthMax = 40;

/** PostgreSQL keeps no NUL and no broken Unicode, in no corner of a document. */
function isStorable(value: unknown, depth = 0): boolean {
  if (depth > depthMax) return false;
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000');
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth + 1));
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key, depth) && isStorable(item, depth + 1));
}

const writtenDocument = programDocument.refine((value) => isStorable(value), 'NUL, broken Unicode or too deep');

const versionNumber = z.int().min(1).max(2_147_483_647);

export const programProblem = z
  .object({
    path: z.string().meta({ description: 'JSON pointer into the document: /promotions/3/effects/0/percent' }),
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    message: z.object({ ru: z.string(), en: z.string() }),
  })
  .meta({ id: 'ProgramProblem' });

const sentence = z.object({ ru: z.string(), en: z.string() });

const versionHead = z.object({
  version: versionNumber,
  state: z.enum(['published', 'retired']),
  comment: z.string(),
  author: z.string(),
  published_at: instantText,
  restored_from: versionNumber
    .nullable()
    .meta({ description: 'the version whose document a rollback published again' }),
});

const wholeVersion = versionHead
  .extend({
    document: programDocument,
    changes: z.array(sentence).meta({ description: 'what differs from the version before, one sentence each' }),
  })
  .meta({ id: 'ProgramVersion' });

const draft = z
  .object({
    revision: z.int(),
    based_on: versionNumber.nullable(),
    author: z.string(),
    saved_at: instantText,
    document: programDocument,
    problems: z.array(programProblem),
    changes: z.array(sentence).meta({ description: 'what publishing it would change; empty while it has errors' }),
  })
  .meta({ id: 'ProgramDraft' });

const tag = 'program';

export const readProgram = route({
  method: 'GET',
  path: '/v1/program',
  tag,
  summary: 'The program in force',
  scope: 'program:read',
  response: wholeVersion,
  refusals: { program_not_published: 404 },
});

export const listProgramVersions = route({
  method: 'GET',
  path: '/v1/program/versions',
  tag,
  summary: 'Published versions, the newest first',
  scope: 'program:read',
  query: pageQuery,
  response: page(versionHead),
  refusals: {},
});

export const readProgramVersion = route({
  method: 'GET',
  path: '/v1/program/versions/:version',
  tag,
  summary: 'One version and what it changed',
  scope: 'program:read',
  params: z.object({ version: z.coerce.number().int().min(1).max(2_147_483_647) }),
  response: wholeVersion,
  refusals: { version_not_found: 404 },
});

export const readProgramDraft = route({
  method: 'GET',
  path: '/v1/program/draft',
  tag,
  summary: 'The draft, what is wrong with it, what it would change',
  scope: 'program:read',
  response: draft,
  refusals: { draft_not_found: 404 },
});

export const saveProgramDraft = route({
  method: 'PUT',
  path: '/v1/program/draft',
  tag,
  summary: 'Save the draft, finished or not',
  description: 'Changes nothing at the tills. A draft with errors is kept; the answer names them.',
  scope: 'program:write',
  body: z.object({
    document: writtenDocument,
    revision: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'the revision that was read; another one since is a conflict' }),
  }),
  response: draft,
  refusals: { draft_changed: 409 },
});

export const validateProgramDraft = route({
  method: 'POST',
  path: '/v1/program/draft/validate',
  tag,
  summary: 'Check the draft, or a document that is not saved',
  scope: 'program:read',
  body: z.object({ document: writtenDocument.optional() }),
  response: z.object({ valid: z.boolean(), problems: z.array(programProblem), changes: z.array(sentence) }),
  refusals: { draft_not_found: 404 },
});

export const publishProgram = route({
  method: 'POST',
  path: '/v1/program/publish',
  tag,
  summary: 'Publish the draft: tills use it from now on',
  description: 'Changes no lot, issued code, personal window, manual tier or held sale (R29).',
  scope: 'program:write',
  body: z.object({
    comment: text(2000, 0).default(''),
    revision: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'the revision that was checked; another one since is a conflict' }),
  }),
  response: wholeVersion,
  status: 201,
  refusals: { draft_not_found: 404, draft_changed: 409, program_invalid: 422 },
});

export const rollBackProgram = route({
  method: 'POST',
  path: '/v1/program/rollback',
  tag,
  summary: 'Publish an older version again, under a new number',
  scope: 'program:write',
  body: z.object({ to: versionNumber, comment: text(2000, 0).default('') }),
  response: wholeVersion,
  status: 201,
  refusals: { version_not_found: 404, version_in_force: 409, point_value_fixed: 409 },
});

export const readProgramSchema = route({
  method: 'GET',
  path: '/v1/program/schema',
  tag,
  summary: 'JSON Schema of the program document',
  scope: 'program:read',
  response: z.record(z.string(), z.unknown()),
  refusals: {},
});

const ruleKind = z.object({
  code: z.string(),
  label: localized,
  sentence: localized,
  args: z
    .record(z.string(), z.unknown())
    .meta({ description: 'JSON Schema; `form` of a field has its label, widget and unit' }),
});

export const listRuleKinds = route({
  method: 'GET',
  path: '/v1/program/rule-kinds',
  tag,
  summary: 'Kinds of conditions and effects with the forms that ask for them',
  scope: 'program:read',
  response: z.object({ conditions: z.array(ruleKind), effects: z.array(ruleKind) }),
  refusals: {},
});
